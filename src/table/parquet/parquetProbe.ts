import { tableFromArrays, tableFromIPC, tableToIPC } from 'apache-arrow';

/** Why Parquet cannot be written and read here, or null: the library is WebAssembly, and not every process may run that. */
export async function parquetProblem(): Promise<string | null> {
  try {
    const { readParquet, Table, writeParquet } = await import('parquet-wasm');
    const made = tableFromArrays({ x: Int32Array.of(1, 2, 3) });
    const file = writeParquet(Table.fromIPCStream(tableToIPC(made, 'stream')));
    const read = tableFromIPC(readParquet(file).intoIPCStream());
    const values = String(read.getChild('x')?.toArray());
    return values === '1,2,3' ? null : `1,2,3 was written and ${values} was read`;
  } catch (error) {
    return String((error as Error)?.message ?? error);
  }
}
