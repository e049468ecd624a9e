/** The built-in model on held-out documents of natural lengths: `precis summarize` against its peers. See bench/README.md. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openCheckpoint } from '../src/checkpoint/open.js';
import { convertCheckpoint } from '../src/graph/convert.js';
import { describeMachine } from '../src/measure/machine.js';
import { openTokenizer } from '../src/text/tokenizer.js';
import { type ContestWork, holdContest, idOf } from './builtin/contest.js';
import { checkFp32 } from './builtin/fp32.js';
import { heldOut } from './builtin/heldOut.js';
import { type BuiltinOptions, parseOptions, USAGE } from './builtin/options.js';
import { measureRefill } from './builtin/refill.js';
import { markdown, type Report } from './builtin/report.js';
import { commit } from './commit.js';
import { convertForCTranslate2, exportOnnx, type Folders } from './models.js';
import { installPythonPeers, sourcePath } from './peers/install.js';
import { say } from './tool.js';

/** No reference of the corpus is that long: a summary ends where the model ends it. */
const NEW_TOKENS = 128;

async function main(options: BuiltinOptions): Promise<void> {
  const machine = describeMachine();
  const checkpoint = openCheckpoint(options.model);
  const { config, parameters, hash } = checkpoint;
  checkpoint.weights.close();
  mkdirSync(options.cache, { recursive: true });
  const python = await installPythonPeers(options.cache, options.python);
  const where = foldersOf(options, hash);
  process.env.PRECIS_HOME = where.home;
  for (const precision of ['int8', 'fp32'] as const) await convertCheckpoint(options.model, { precision });
  await convertForCTranslate2(where, python);
  await exportOnnx(where, python);

  const tokenizer = openTokenizer(options.model, config);
  const documents = await heldOut(where.home, options.documents, tokenizer);
  const { tuningDocuments, repetitions } = options;
  const context = { where, python, leastTokens: 0, newTokens: NEW_TOKENS };
  const work: ContestWork = { context, tokenizer, documents, tuningDocuments, repetitions, chosen: earlier(options) };
  const report: Report = {
    machine,
    commit: commit(),
    versions: versions(),
    workload: {
      model: path.basename(options.model),
      parameters,
      documents: options.documents,
      meanTokens: documents.ids.reduce((sum, ids) => sum + ids.length, 0) / documents.ids.length,
      newTokens: NEW_TOKENS,
      repetitions,
    },
    searches: [],
    refill: [],
    fp32: [],
  };
  // After each part: a long run that breaks off keeps what it has.
  const save = () => writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const beams of [1, 4]) {
    report.searches.push(await holdContest(beams, work));
    save();
  }
  // Greedy batches have 48 documents: fewer than four of them a worker would be mostly a beginning and an end.
  const more = { ...work, documents: await heldOut(where.home, 2 * options.documents, tokenizer) };
  for (const beams of [1, 4]) {
    report.refill.push(await measureRefill(beams, beams === 1 ? more : work));
    save();
  }
  report.fp32 = await checkFp32(work);
  save();
  process.stdout.write(markdown(report));
  say(`all figures: ${options.json}`);
}

/** Conversions of a model's weights and of no others: a model in training keeps its name. */
function foldersOf({ cache, model }: BuiltinOptions, hash: string): Folders {
  const folder = path.join(cache, `builtin-${hash.slice(0, 12)}`);
  const at = (name: string) => path.join(folder, name);
  mkdirSync(folder, { recursive: true });
  return { checkpoint: model, ctranslate2: at('ctranslate2'), onnx: at('onnx-export'), home: at('home') };
}

/** The peers' settings that an earlier run chose. */
function earlier({ settings }: BuiltinOptions): Map<string, string> {
  if (settings === undefined) return new Map();
  const { searches } = JSON.parse(readFileSync(settings, 'utf8')) as Report;
  const chosen = searches.flatMap(({ beams, sides }) =>
    sides.map((side) => [idOf(side.name, beams), side.settings] as const),
  );
  return new Map(chosen);
}

function versions(): string[] {
  const dependencies = createRequire(import.meta.url)(path.join('..', '..', 'package.json')).dependencies;
  const ours = ['onnxruntime-node', '@huggingface/transformers'].map((name) => `${name} ${dependencies[name]}`);
  const pinned = readFileSync(sourcePath('peers', 'requirements.txt'), 'utf8');
  return [...ours, `ctranslate2 ${/^ctranslate2==(.*)$/m.exec(pinned)![1]}`];
}

const options = parseOptions(process.argv.slice(2));
if (options) await main(options);
else process.stdout.write(`${USAGE}\n`);
