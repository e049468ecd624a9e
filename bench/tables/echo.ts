import path from 'node:path';
import { markdownTable } from '../../src/measure/markdown.js';
import { spread } from '../../src/measure/statistics.js';
import { summarize } from './command.js';
import { unlikeRows } from './compare.js';
import { shortRows, TEXT } from './inputs.js';
import { mebi, range } from './numbers.js';
import type { TablesOptions } from './options.js';

/** Rows a second from Parquet to Parquet with a model that only repeats, and the memory of small and large tables. */
export async function measureEcho({ cache, rows, repetitions, workers }: TablesOptions): Promise<string> {
  const files: string[] = [];
  for (const count of rows) files.push(await shortRows(cache, count));
  const out = path.join(cache, 'echo-out.parquet');
  const args = ['--text', TEXT, '--model', 'builtin:echo', ...(workers ? ['--workers', String(workers)] : [])];
  const runs: Awaited<ReturnType<typeof summarize>>[][] = rows.map(() => []);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const [i, file] of files.entries()) {
      const run = await summarize(file, out, args);
      if (run.answer.rows !== rows[i]) throw new Error(`${out} has ${run.answer.rows} rows, not ${rows[i]}`);
      runs[i].push(run);
      const unlike = await unlikeRows(out, TEXT);
      if (unlike > 0) throw new Error(`${unlike} of ${rows[i]} rows of ${out} do not repeat their text`);
    }
  }
  const peak = (i: number, of: 'resident' | 'proportional') => Math.max(...runs[i].map(({ memory }) => memory[of]));
  const cells = rows.map((count, i) => [
    count.toLocaleString('en'),
    range(spread(runs[i].map(({ answer }) => count / answer.seconds)), 0),
    range(spread(runs[i].map(({ seconds }) => count / seconds)), 0),
    mebi(peak(i, 'resident')),
    mebi(peak(i, 'proportional')),
  ]);
  const ratio = peak(rows.length - 1, 'resident') / peak(0, 'resident');
  const head = [
    'rows',
    'rows/s of the job',
    'with start and end of the process',
    'peak MiB, all processes',
    'shared pages once',
  ];
  return [
    'Parquet -> builtin:echo -> Parquet (id, text of 60 characters, two more columns):',
    '',
    markdownTable(head, cells),
    '',
    `Memory of the largest over the smallest: ${ratio.toFixed(2)}.`,
  ].join('\n');
}
