import { describe } from 'vitest';
import { hasModule, python, runPython } from '../../python.js';

/** Suites that compare with delta-rs, which is the Python package deltalake. */
export const describeDeltaRs: ReturnType<typeof describe.skipIf> =
  python && hasModule('deltalake') ? describe : describe.skip;

/** What scripts begin with: the table's folder, and rows of every type that Delta has, a third of them null. */
export const PRELUDE = `
import sys, os, json, decimal, datetime as dt
import pyarrow as pa, pyarrow.ipc as ipc
folder = sys.argv[1]
utc = dt.timezone.utc
def every_type(first, n):
    r = range(first, first + n)
    def some(f): return [None if i % 3 == 1 else f(i) for i in r]
    return pa.table({
        'id': pa.array(r, pa.int64()),
        'string': pa.array(some(lambda i: 'text %d ü' % i)),
        'boolean': pa.array(some(lambda i: i % 2 == 0)),
        'byte': pa.array(some(lambda i: i % 256 - 128), pa.int8()),
        'short': pa.array(some(lambda i: -i), pa.int16()),
        'integer': pa.array(some(lambda i: i * 1000), pa.int32()),
        'float': pa.array(some(lambda i: i / 3), pa.float32()),
        'double': pa.array(some(lambda i: i / 7), pa.float64()),
        'binary': pa.array(some(lambda i: bytes([i % 256, 0, 255]))),
        'date': pa.array(some(lambda i: dt.date(1950, 1, 1) + dt.timedelta(days=i * 97))),
        'timestamp': pa.array(some(lambda i: dt.datetime(1950, 1, 1, 2, 3, 4, 567891, utc) + dt.timedelta(days=i * 97)),
            pa.timestamp('us', 'UTC')),
        'ntz': pa.array(some(lambda i: dt.datetime(1950, 1, 1, 2, 3, 4, 567891) + dt.timedelta(days=i * 97)),
            pa.timestamp('us')),
        'decimal': pa.array(some(lambda i: decimal.Decimal(i) / 100 - 3), pa.decimal128(9, 2)),
        'wide': pa.array(some(lambda i: decimal.Decimal(-i * 10**30)), pa.decimal128(38, 0)),
        'list': pa.array(some(lambda i: ['a', None, str(i)][: i % 4])),
        'struct': pa.array(some(lambda i: {'x': None if i % 2 else i, 'y': {'z': str(i)}}),
            pa.struct([('x', pa.int32()), ('y', pa.struct([('z', pa.string())]))])),
        'map': pa.array(some(lambda i: [('k%d' % j, j or None) for j in range(i % 3)]), pa.map_(pa.string(), pa.int64())),
        'deep': pa.array(some(lambda i: [[{'n': i}], None, []]), pa.list_(pa.list_(pa.struct([('n', pa.int64())])))),
    })
def save(table, file):
    with ipc.new_stream(file, table.schema) as out: out.write_table(table, 1000)
# Compares a stream that we wrote with what is right, value by value and by type; names of list items aside.
def type_text(field):
    return str(field.type).replace('element', 'item').replace('large_', '').replace('_view', '')
def same(ours, right, order='id'):
    mine = ipc.open_stream(ours).read_all() if isinstance(ours, str) else ours
    if hasattr(right, 'to_pyarrow_table'): right = right.to_pyarrow_table()
    assert mine.column_names == right.column_names, (mine.column_names, right.column_names)
    if order: mine, right = mine.sort_by(order), right.sort_by(order)
    for name in mine.column_names:
        a, b = mine[name].to_pylist(), right[name].to_pylist()
        assert a == b, (name, [(x, y) for x, y in zip(a, b) if x != y][:3], len(a), len(b))
    for a, b in zip(mine.schema, right.schema):
        assert type_text(a) == type_text(b), (a, b)
    print('same', mine.num_rows)
`;

/** Runs a script behind the prelude; `args` are its sys.argv. Ends without Python's own clearing up, in which delta-rs crashes at times. */
export function runDelta(script: string, ...args: string[]): string {
  return runPython(
    `${PRELUDE}from deltalake import write_deltalake, DeltaTable\n${script}\nsys.stdout.flush()\nos._exit(0)`,
    args,
  ).trim();
}
