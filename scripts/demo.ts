/** `npm run demo`: summarizes a shipped table with the built-in model, and shows what came out and what it is worth. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openHome } from '../src/files/home.js';
import { readTable } from '../src/table/open.js';
import { SAMPLE } from './demo/sample.js';
import { type Shown, sideBySide } from './demo/sideBySide.js';

const OUT = 'sample-summarized.parquet';
const SHOWN_ROWS = 5;
const SHOWN_LINES = 10;
const BASELINES = ['--model', 'builtin:lead-3', '--model', 'builtin:textrank'];
const PRECIS = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));

async function demo(): Promise<number> {
  const begin = performance.now();
  const out = path.join(outputFolder(), OUT);
  const summarized = run(['summarize', SAMPLE, '--text', 'document', '--out', out, '--overwrite']);
  if (summarized !== 0) return summarized;
  await show(out);
  const columns = ['--text', 'document', '--reference', 'reference'];
  const evaluated = run(['eval', SAMPLE, ...columns, ...BASELINES, '--outputs', out]);
  if (evaluated !== 0) return evaluated;
  console.log(`
R-1, R-2 and R-L say how much of the reference a summary has in common with it; faithful, which of its numbers and codes the text has.
All rows with their other columns are in ${out}
(${((performance.now() - begin) / 1000).toFixed(1)} s). To go on, with a table of your own or with this one (${SAMPLE}):
  npm link                                                        (the command is then called precis)
  precis summarize IN.csv --text COLUMN --out OUT.csv
  precis eval IN.csv --text COLUMN --reference COLUMN --report report.html
  precis generate "One text. Or another." --json
  precis doctor`);
  return 0;
}

/** Where the demo was called, unless nothing can be written there: permissions alone would not tell, so it is tried. */
function outputFolder(): string {
  try {
    rmdirSync(mkdtempSync(path.join(process.cwd(), '.precis-demo-')));
    return process.cwd();
  } catch {
    const folder = path.join(openHome(), 'demo');
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** The commands that a user would type, shown as they are. */
function run(args: readonly string[]): number {
  console.log(`\n$ precis ${args.map((arg) => (/[^\w./:=-]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`);
  return spawnSync(process.execPath, [PRECIS, ...args], { stdio: 'inherit' }).status ?? 1;
}

async function show(out: string): Promise<void> {
  console.log(`\nThe first document of each of ${SHOWN_ROWS} genres, as they came:\n`);
  const width = Math.min(Math.max(process.stdout.columns ?? 120, 60), 140);
  for (const row of await firstOfGenres(out)) console.log(sideBySide(row, width, SHOWN_LINES));
}

async function firstOfGenres(file: string): Promise<Shown[]> {
  const table = (await readTable(file)).select('id', 'genre', 'document', 'reference', 'generated_summary');
  const firsts = new Map<string, Shown>();
  for (const { id, genre, document, reference, generated_summary } of await table.collect()) {
    const heading = `${genre}, id ${id}`;
    const row = { heading, document, reference, summary: generated_summary } as Shown;
    if (!firsts.has(genre as string)) firsts.set(genre as string, row);
  }
  return [...firsts.values()].slice(0, SHOWN_ROWS);
}

process.exitCode = await demo();
