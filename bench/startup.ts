/**
 * Times the command line from process start to its end with one summary printed, with a model that was converted before:
 *   node dist/bench/startup.js CHECKPOINT [RUNS]
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Spread, spread } from '../src/measure/statistics.js';
import { folders } from './models.js';
import { DEFAULT_CACHE } from './options.js';
import { runTool } from './tool.js';

const SELF = fileURLToPath(import.meta.url);
const CLI = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const TEXT = `The city council said on Monday that work on the new bridge would start before the end of the year. Two earlier plans
had failed because of their cost. The mayor called the third one a fair answer to the needs of both sides of the river.`;

/** Seconds, with the model's own search cut at as many new tokens as everywhere in the benchmark. */
export async function measureStartup(checkpoint: string, newTokens: number, runs = 5): Promise<Spread> {
  const args = [CLI, 'generate', TEXT, '--model', checkpoint, '--max-new-tokens', String(newTokens)];
  // The first run converts the model if the cache does not have it, and brings the files into memory.
  await runTool('', process.execPath, args);
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) seconds.push((await runTool('', process.execPath, args)).seconds);
  return spread(seconds);
}

if (process.argv[1] === SELF) {
  process.env.PRECIS_HOME ??= folders(DEFAULT_CACHE).home;
  const [checkpoint, runs = '5'] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await measureStartup(checkpoint, 60, Number(runs)))}\n`);
}
