import path from 'node:path';
import { Field, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { requireText, textValues } from '../../src/table/columns.js';
import { readTable } from '../../src/table/open.js';
import type { ColumnExpression } from '../../src/table/types.js';

/** The column `text` with an exclamation mark. */
export const shouted: ColumnExpression = {
  columns: ['text'],
  field: (name, schema) => {
    requireText(schema, 'text', 'the table');
    return new Field(name, new Utf8(), true);
  },
  async *evaluate(batches) {
    for await (const batch of batches) {
      const texts = textValues(batch.getChild('text')!).map((text) => (text === null ? null : `${text}!`));
      yield { batch, column: vectorFromArray(texts, new Utf8()) };
    }
  },
};

export interface TableFormat {
  readonly extension: string;
  /** Where the foreign program's files lie: `table` and `empty` with the extension. */
  readonly folder: () => string;
  /** What differs between the file and the one with the column `loud` behind it, as the foreign program sees it. */
  readonly differences: (before: string, after: string, added: string) => string;
}

/** What holds for every format that keeps all types. */
export function describeTableFormat({ extension, folder, differences }: TableFormat): void {
  describe(`a table in ${extension}`, () => {
    const file = (name: string) => path.join(folder(), `${name}${extension}`);

    it.each(['table', 'empty'])('%s comes back as it was, with a column more', async (name) => {
      const table = await readTable(file(name));
      const out = file(`out-${name}`);
      const written = await table.withColumn('loud', shouted).write(out, { mode: 'overwrite' });
      expect(differences(file(name), out, 'loud')).toBe('');
      expect(written).toEqual({ target: out, rows: await table.count() });
      // What we wrote is read by us as what we read.
      const again = await readTable(out);
      expect(await again.count()).toBe(written.rows);
      expect(await again.select('text', 'int64').collect()).toEqual(await table.select('text', 'int64').collect());
    });

    it('reads the columns that are asked for, in that order', async () => {
      const table = (await readTable(file('table'))).select('struct', 'int8');
      expect(table.schema.names).toEqual(['struct', 'int8']);
      const all = await (await readTable(file('table'))).collect();
      expect(await table.collect()).toEqual(all.map(({ struct, int8 }) => ({ struct, int8 })));
      expect(all).toContainEqual(expect.objectContaining({ struct: { a: 1, b: 'x' }, int8: 1 }));
    });

    it('stops where it is told to', async () => {
      const table = await readTable(file('table'));
      for (const limit of [0, 1, 49, 50, 51, 10_000]) {
        let rows = 0;
        for await (const batch of table.batches({ limit, columns: ['int8'] })) rows += batch.numRows;
        expect(rows).toBe(Math.min(limit, await table.count()));
      }
    });

    it('appends behind the rows that are there', async () => {
      const out = file('appended');
      const table = (await readTable(file('table'))).select('int64', 'text', 'dictionary', 'deep');
      await table.limit(60).write(out, { mode: 'overwrite' });
      expect(await table.write(out, { mode: 'append' })).toEqual({ target: out, rows: await table.count() });
      const rows = await (await readTable(out)).collect();
      const all = await table.collect();
      expect(rows).toEqual([...all.slice(0, 60), ...all]);
    });

    it('stops when it is told to', async () => {
      const stop = new AbortController();
      const reading = (await readTable(file('table'))).batches({ signal: stop.signal })[Symbol.asyncIterator]();
      await reading.next();
      stop.abort(new Error('enough'));
      await expect(reading.next()).rejects.toThrow('enough');
    });
  });
}
