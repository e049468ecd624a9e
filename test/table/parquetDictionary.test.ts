import path from 'node:path';
import { expect, test } from 'vitest';
import { tableFromRows } from '../../src/table/open.js';
import { describePython, runPython } from '../python.js';
import { temporaryFolder } from './delta/support.js';

describePython('the writer keeps dictionaries for what repeats', () => {
  test('keys and documents have none, a kind of few values has one', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({
      id: i,
      document: `The report number ${i}`,
      kind: i % 2 === 0 ? 'news' : 'mail',
      note: i < 100 ? null : 'same',
    }));
    const file = path.join(temporaryFolder(), 'out.parquet');
    await tableFromRows(rows).write(file);
    const code = `
import json, sys
import pyarrow.parquet as pq
group = pq.ParquetFile(sys.argv[1]).metadata.row_group(0)
table = pq.read_table(sys.argv[1])
columns = [group.column(i) for i in range(group.num_columns)]
print(json.dumps({c.path_in_schema: c.has_dictionary_page for c in columns}))
print(table.num_rows, len(set(table.column("document").to_pylist())), table.column("note").null_count)
`;
    const [dictionaries, figures] = runPython(code, [file]).trim().split('\n');
    expect(JSON.parse(dictionaries)).toEqual({ id: false, document: false, kind: true, note: true });
    expect(figures).toBe('500 500 100');
  });
});
