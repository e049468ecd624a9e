import {
  Dictionary,
  Int8,
  LargeUtf8,
  type RecordBatch,
  Table,
  tableFromArrays,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { type PartitionSize, partitions } from '../../src/pool/partition.js';
import { batchFromIpc, batchToIpc } from '../../src/table/columns.js';
import { numbered, textBatch, textsOf } from './pools.js';

async function cutTo(batches: RecordBatch[], size: PartitionSize): Promise<(string | null)[][]> {
  const cut: (string | null)[][] = [];
  for await (const batch of partitions(batches, size)) cut.push(textsOf(batch));
  return cut;
}

const a = (length: number) => 'a'.repeat(length);

describe('partitions', () => {
  it.each<[string, (string | null)[][], Omit<PartitionSize, 'column'>, number[]]>([
    ['cut a large batch', [numbered(10)], { rows: 4 }, [4, 4, 2]],
    ['join small batches', [['a'], ['b', 'c'], ['d'], ['e']], { rows: 3 }, [3, 2]],
    ['do both', [numbered(5), numbered(5), [], numbered(1)], { rows: 4 }, [4, 4, 3]],
    ['leave what fits', [numbered(4), numbered(4)], { rows: 4 }, [4, 4]],
    ['skip empty batches', [[], [], []], { rows: 4 }, []],
    ['have no batches', [], { rows: 4 }, []],
    ['are bound by bytes', [[a(3), a(3), a(3), a(3), a(3)]], { rows: 100, bytes: 7 }, [2, 2, 1]],
    ['are bound by bytes exactly', [[a(3), a(3), a(3), a(3)]], { rows: 100, bytes: 6 }, [2, 2]],
    ['give a long row its own', [[a(2), a(50), a(2), a(2)]], { rows: 100, bytes: 10 }, [1, 1, 2]],
    ['count bytes over batches', [[a(3)], [a(3)], [a(3)]], { rows: 100, bytes: 7 }, [2, 1]],
    ['count bytes, not characters', [['ää', 'ää', 'ää']], { rows: 100, bytes: 8 }, [2, 1]],
    ['take nulls and empty texts as nothing', [[null, '', a(4), null, a(4)]], { rows: 100, bytes: 4 }, [4, 1]],
    ['are bound by what comes first', [[a(1), a(1), a(1), a(9), a(9)]], { rows: 2, bytes: 10 }, [2, 2, 1]],
  ])('%s', async (_, texts, size, rows) => {
    const cut = await cutTo(
      texts.map((list) => textBatch(list)),
      { ...size, column: 'text' },
    );
    expect(cut.map(({ length }) => length)).toEqual(rows);
    expect(cut.flat()).toEqual(texts.flat());
  });

  it.each([
    ['large_utf8', () => vectorFromArray(['aaa', null, 'bbb', 'c', 'ddd'], new LargeUtf8())],
    ['a dictionary', () => vectorFromArray(['aaa', null, 'aaa', 'c', 'aaa'], new Dictionary(new Utf8(), new Int8()))],
  ])('count the bytes of %s', async (_, make) => {
    const [batch] = new Table({ text: make() as Vector }).batches;
    const cut = await cutTo([batch], { rows: 100, bytes: 6, column: 'text' });
    expect(cut.map(({ length }) => length)).toEqual([3, 2]);
  });

  it('pull a batch only when its rows are needed, and stop the source', async () => {
    let pulled = 0;
    let returned = false;
    async function* source() {
      try {
        for (; pulled < 100; ) {
          pulled++;
          yield textBatch(numbered(4));
        }
      } finally {
        returned = true;
      }
    }
    for await (const batch of partitions(source(), { rows: 6 })) {
      expect(batch.numRows).toBe(6);
      if (pulled >= 3) break;
    }
    expect([pulled, returned]).toEqual([3, true]);
  });

  it('do not copy what lies within one batch', async () => {
    const batch = textBatch(numbered(1000));
    for await (const part of partitions([batch], { rows: 300 })) {
      expect(part.getChildAt(0)!.data[0].values.buffer).toBe(batch.getChildAt(0)!.data[0].values.buffer);
    }
  });

  it('travel without the rest of the batch that they are slices of', async () => {
    const text = vectorFromArray(numbered(100_000), new Utf8());
    const number = vectorFromArray(Int32Array.from({ length: 100_000 }, (_, i) => i));
    const [batch] = new Table({ text, number }).batches;
    for await (const part of partitions([batch], { rows: 10 })) {
      const bytes = batchToIpc(part);
      expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
      expect(bytes.byteLength).toBeLessThan(2000);
      expect(batchFromIpc(bytes).toArray()).toEqual(part.toArray());
      if (part.getChild('number')!.get(0) > 1000) break;
    }
  });

  it('name a column that is missing', async () => {
    const [batch] = tableFromArrays({ document: ['a'] }).batches;
    await expect(cutTo([batch], { rows: 4, bytes: 4, column: 'documents' })).rejects.toThrow('did you mean document?');
  });
});
