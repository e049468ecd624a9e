import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/table/record.js';
import type { ReadRequest, Source } from '../../src/table/types.js';

export interface OffsetSubject {
  readonly name: string;
  /** At least one row; its first column has a value of its own in each row. */
  open(): Promise<Source>;
  /** Where batches, row groups or files end: offsets are tried there and around. */
  readonly ends: readonly number[];
}

/** What an offset means, whatever the source: the rows of a pass with an offset are a slice of those of a pass without. */
export function describeOffsets({ name, open, ends }: OffsetSubject): void {
  describe(`rows behind an offset: ${name}`, () => {
    const read = async (request?: ReadRequest) => {
      const rows: unknown[] = [];
      for await (const batch of (await open()).batches(request)) {
        for (const row of rowsOf(batch)) rows.push({ ...row });
      }
      return rows;
    };
    const around = ends.flatMap((end) => [end - 1, end, end + 1]).filter((offset) => offset > 1);

    it('are those of a pass without one', async () => {
      const all = await read();
      expect(all.length).toBe(ends.at(-1));
      const [first] = (await open()).schema.fields;
      for (const offset of [...new Set([0, 1, ...around, 10_000])]) {
        expect(await read({ offset }), `offset ${offset}`).toEqual(all.slice(offset));
        for (const limit of [0, 1, ends[0], ends[0] + 7]) {
          const expected = all.slice(offset, offset + limit).map((row) => pick(row, first.name));
          const request = { offset, limit, columns: [first.name] };
          expect(await read(request), `offset ${offset}, limit ${limit}`).toEqual(expected);
        }
      }
    });

    it('are told by the parts, where there are any', async () => {
      const source = await open();
      const parts = (await source.parts?.()) ?? [];
      if (parts.length === 0) return;
      expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(ends.at(-1));
      for (const { file } of parts) expect(source.files).toContain(file);
    });
  });
}

function pick(row: unknown, name: string): unknown {
  return { [name]: (row as Record<string, unknown>)[name] };
}
