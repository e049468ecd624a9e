import { fileURLToPath } from 'node:url';
import { markdownTable } from '../../src/measure/markdown.js';
import { measured } from './command.js';
import { shortRows } from './inputs.js';
import { mebi } from './numbers.js';
import type { TablesOptions } from './options.js';
import type { SinkRun } from './slowSink.js';

/** A consumer that takes as long as it takes, and one that is ten times slower than the engine. */
export async function measurePressure({ cache, rows, workers }: TablesOptions): Promise<string> {
  const file = await shortRows(cache, rows[0]);
  const run = (rowsPerSecond: number) => {
    const settings = JSON.stringify({ file, workers, rowsPerSecond });
    return measured<SinkRun>([fileURLToPath(new URL('./slowSink.js', import.meta.url)), settings]);
  };
  const normal = await run(0);
  const slow = await run(normal.answer.rows / normal.answer.seconds / 10);
  const cells = [normal, slow].map(({ answer, memory }, i) => [
    i === 0 ? 'as fast as it comes' : 'ten times slower',
    Math.round(answer.rows / answer.seconds).toLocaleString('en'),
    mebi(memory.resident),
    mebi(memory.proportional),
  ]);
  const head = ['sink', 'rows/s', 'peak MiB, all processes', 'shared pages once'];
  return [
    `Back-pressure: ${rows[0].toLocaleString('en')} rows through builtin:echo.`,
    '',
    markdownTable(head, cells),
  ].join('\n');
}
