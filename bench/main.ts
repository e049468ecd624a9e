/** `npm run bench`: precis against its peers, and what our side spends its time and memory on. See bench/README.md. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { convertCheckpoint } from '../src/graph/convert.js';
import { describeMachine } from '../src/measure/machine.js';
import { meanOperations } from '../src/measure/operations.js';
import { commit } from './commit.js';
import { type ContestWork, hold } from './contest.js';
import { type ContestContext, contests, oursCandidate } from './contests.js';
import { measureConversion } from './conversion.js';
import { convertForCTranslate2, exportOnnx, type Folders, folders, makeCheckpoint, T5_SMALL } from './models.js';
import { type BenchOptions, parseOptions, USAGE } from './options.js';
import { installPythonPeers } from './peers/install.js';
import { markdown, type Report } from './report.js';
import { measureGemm } from './roofline.js';
import { MODES, measureScaling } from './scaling.js';
import { measureStartup } from './startup.js';
import { measureTokenizing } from './tokenizing.js';
import { say } from './tool.js';
import { makeDocuments } from './workload.js';

/** Every side generates exactly as many tokens for every document. */
const NEW_TOKENS = 60;
const CORES = 2;

async function main(options: BenchOptions): Promise<void> {
  mkdirSync(options.cache, { recursive: true });
  const where = folders(options.cache);
  process.env.PRECIS_HOME = where.home;
  await makeCheckpoint(where, options.tokenizer);
  await convertAnew(where);
  const documents = makeDocuments(options.documents);
  const report = newReport(options, documents);

  const context = { where, python: '', leastTokens: NEW_TOKENS, newTokens: NEW_TOKENS };
  const asked = contests(context).filter(({ id }) => options.only.has(id));
  if (asked.length > 0) {
    const python = await installPythonPeers(options.cache, options.python);
    await convertForCTranslate2(where, python);
    await exportOnnx(where, python);
    await holdContests(options, { ...context, python }, documents, report);
  }
  await measureOurs(options, context, documents, report);
  process.stdout.write(markdown(report));
  say(`all figures: ${options.json}`);
}

/** Before the workers start, so that no conversion counts as their memory, and never an older working tree's graphs. */
async function convertAnew({ checkpoint, home }: Folders): Promise<void> {
  rmSync(home, { recursive: true, force: true });
  for (const precision of ['int8', 'fp32'] as const) await convertCheckpoint(checkpoint, { precision });
}

/** After each part: a long run that breaks off keeps what it has. */
function save(report: Report, { json }: BenchOptions): void {
  mkdirSync(path.dirname(path.resolve(json)), { recursive: true });
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
}

function newReport(options: BenchOptions, documents: readonly number[][]): Report {
  const lengths = documents.map((ids) => ids.length);
  const operations = (beams: number) => meanOperations(T5_SMALL, lengths, NEW_TOKENS, beams);
  return {
    machine: describeMachine(),
    commit: commit(),
    workload: {
      documents: documents.length,
      meanTokens: lengths.reduce((sum, length) => sum + length, 0) / lengths.length,
      newTokens: NEW_TOKENS,
      repetitions: options.repetitions,
    },
    operations: { 1: operations(1), 4: operations(4) },
    contests: [],
  };
}

async function holdContests(
  options: BenchOptions,
  context: ContestContext,
  documents: readonly number[][],
  report: Report,
): Promise<void> {
  const earlier = options.settings ? (JSON.parse(readFileSync(options.settings, 'utf8')) as Report).contests : [];
  const work: ContestWork = {
    documents,
    tuningDocuments: options.tuningDocuments,
    repetitions: options.repetitions,
    newTokens: NEW_TOKENS,
    chosen: new Map(earlier.map((row) => [row.id, row.peerSettings])),
  };
  for (const contest of contests(context)) {
    if (!options.only.has(contest.id)) continue;
    report.contests.push(await hold(contest, oursCandidate(context, contest.ours, CORES), work));
    save(report, options);
  }
}

async function measureOurs(
  options: BenchOptions,
  context: ContestContext,
  documents: readonly number[][],
  report: Report,
): Promise<void> {
  const { only, repetitions } = options;
  const { checkpoint } = context.where;
  if (only.has('roofline')) {
    say('the rate of bare products');
    report.gemm = { int8: await measureGemm('int8', CORES), fp32: await measureGemm('fp32', CORES) };
  }
  if (only.has('scaling')) {
    report.scaling = [];
    for (const mode of MODES) {
      report.scaling.push(await measureScaling(mode, context, documents, repetitions));
      save(report, options);
    }
  }
  if (only.has('tokenizing')) {
    report.tokenizing = measureTokenizing(checkpoint, T5_SMALL.vocabSize, documents, NEW_TOKENS);
  }
  if (only.has('conversion')) {
    say('conversion');
    report.conversion = [await measureConversion(checkpoint, 'int8'), await measureConversion(checkpoint, 'fp32')];
  }
  if (only.has('startup')) {
    say('start-up of the command line');
    report.startup = await measureStartup(checkpoint, NEW_TOKENS);
  }
  save(report, options);
}

const options = parseOptions(process.argv.slice(2));
if (options) await main(options);
else process.stdout.write(`${USAGE}\n`);
