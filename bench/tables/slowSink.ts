/** A job whose sink takes its time: a child process of pressure.ts. */
import { setTimeout } from 'node:timers/promises';
import { batchUdf } from '../../src/predict/udf.js';
import { readTable } from '../../src/table/open.js';
import { TEXT } from './inputs.js';

export interface SinkSettings {
  readonly file: string;
  readonly workers: number | undefined;
  /** How fast the sink is; 0: it never waits. */
  readonly rowsPerSecond: number;
}

export interface SinkRun {
  readonly rows: number;
  readonly seconds: number;
}

const { file, workers, rowsPerSecond } = JSON.parse(process.argv[2]) as SinkSettings;
const udf = await batchUdf('builtin:echo', { workers, isolation: 'process' });
const table = (await readTable(file)).withColumn('generated_summary', udf(TEXT));
const begin = performance.now();
let rows = 0;
for await (const batch of table.batches()) {
  rows += batch.numRows;
  if (rowsPerSecond > 0) await setTimeout((1000 * batch.numRows) / rowsPerSecond);
}
const seconds = (performance.now() - begin) / 1000;
await udf.close();
process.stdout.write(`${JSON.stringify({ rows, seconds } satisfies SinkRun)}\n`);
