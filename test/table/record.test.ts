import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTable } from '../../src/table/open.js';
import { describePython, runPython } from '../python.js';

const folder = mkdtempSync(path.join(tmpdir(), 'precis-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WRITE = `import pyarrow as pa, sys
from datetime import date, datetime
from decimal import Decimal
rows = 3
table = pa.table({
  "amounts": pa.array([[Decimal("0.10")], [Decimal("-1.50"), None], None], pa.list_(pa.decimal128(10, 2))),
  "who": pa.array([None, {"at": datetime(1960, 1, 2, 3, 4, 5, 6), "day": date(1969, 12, 31), "name": "\ufeffq", "none": None}, None],
    pa.struct([("at", pa.timestamp("us")), ("day", pa.date32()), ("name", pa.string()), ("none", pa.null())])),
  "counts": pa.array([[], [("k\ufeff", 2**60), ("b", None)], None], pa.map_(pa.string(), pa.int64())),
  "price": pa.array([Decimal("3.14"), Decimal("2.72"), None], pa.decimal128(5, 2)).dictionary_encode(),
  "pair": pa.array([[0, 1], [1.5, None], None], pa.list_(pa.float32(), 2)),
  "words": pa.array([[["x"]], [["\ufeffa", None], []], None], pa.large_list(pa.list_(pa.large_string()))),
  "flags": pa.array([[False], [True, None, False], None]),
})
with pa.OSFile(sys.argv[1], "wb") as f, pa.ipc.new_file(f, table.schema) as w: w.write_table(table)`;

const ROW = {
  amounts: ['-1.50', null],
  who: { at: '1960-01-02T03:04:05.000006', day: '1969-12-31', name: '\ufeffq', none: null },
  counts: { 'k\ufeff': 1152921504606846976n, b: null },
  price: '2.72',
  pair: [1.5, null],
  words: [['\ufeffa', null], []],
  flags: [true, null, false],
};

describePython('values within values', () => {
  it('are read like those of plain columns, also behind the first rows of a batch', async () => {
    const file = path.join(folder, 'nested.arrow');
    runPython(WRITE, [file]);
    const table = await readTable(file);
    const nulls = Object.fromEntries(Object.keys(ROW).map((name) => [name, null]));
    const rows = await table.collect();
    expect(rows.slice(1)).toEqual([ROW, nulls]);
    // A slice of the batch.
    expect(await table.filter(({ price }) => price === '2.72').collect()).toEqual([ROW]);
  });
});
