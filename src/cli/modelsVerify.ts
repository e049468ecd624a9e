import { fileURLToPath } from 'node:url';
import type { ChildResult } from '../files/childProcess.js';
import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis models verify URI [--json]',
  summary: `Checks a model: that its checkpoint opens, that every tensor is there and finite, that each conversion of it is byte for
byte what converting it now gives, and that it generates (in a process of its own). Ends with 1 if anything is wrong.`,
  examples: ['precis models verify builtin:precis-tiny', 'precis models verify ./t5-small --json'],
  groups: { options: COMMON_FLAGS },
};

interface Check {
  readonly name: string;
  /** Empty: it holds. */
  readonly problems: readonly string[];
}

const PROBE_TEXT = 'The council approved the budget on Tuesday after a long debate.';
const PROBE_SECONDS = 300;

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [uri, ...more] = positionals;
  if (uri === undefined || more.length > 0) throw wrong(`${positionals.length} models are given`, 'one');
  const checks: Check[] = [];
  for await (const check of checksOf(uri)) {
    checks.push(check);
    if (values.json !== true) print(lines(check));
  }
  const ok = checks.every(({ problems }) => problems.length === 0);
  if (values.json === true) print(`${JSON.stringify({ model: uri, ok, checks })}\n`);
  if (!ok) process.exitCode = 1;
}

/** Each as it is done: the conversions of a large model take a while. */
async function* checksOf(uri: string): AsyncGenerator<Check> {
  const { isWeightless } = await import('../predict/builtin.js');
  if (!isWeightless(uri)) {
    const { modelFolder } = await import('../predict/modelUri.js');
    const { isGenericFolder } = await import('../engine/generic/genericFolder.js');
    const dir = modelFolder(uri);
    if (!isGenericFolder(dir)) yield* checkpointChecks(dir);
  }
  yield await probe(uri);
}

async function* checkpointChecks(dir: string): AsyncGenerator<Check> {
  const { openCheckpoint } = await import('../checkpoint/open.js');
  const { tensorProblems } = await import('../checkpoint/valuesCheck.js');
  const { conversionProblems, listConversions } = await import('../graph/conversions.js');
  const checkpoint = openCheckpoint(dir);
  try {
    yield {
      name: `${checkpoint.weights.tensors.size} tensors are there and finite`,
      problems: tensorProblems(checkpoint),
    };
    for (const conversion of listConversions()) {
      const { manifest, current } = conversion;
      if (!current || manifest?.checkpointHash !== checkpoint.hash) continue;
      const problems = await conversionProblems(checkpoint, conversion);
      yield { name: `the ${manifest.precision} conversion is whole`, problems };
    }
  } finally {
    checkpoint.weights.close();
  }
}

/** What is malformed may crash the process that loads it. */
async function probe(uri: string): Promise<Check> {
  const { runNode } = await import('../files/childProcess.js');
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = await runNode([main, 'generate', PROBE_TEXT, '--model', uri, '--json'], PROBE_SECONDS);
  return { name: 'a text is generated', problems: child.end === 'exited' ? [] : [probeProblem(child)] };
}

function probeProblem({ end, reason, stderr }: ChildResult): string {
  const said = stderr
    .trim()
    .split('\n')[0]
    .replace(/^precis: /, '');
  return end === 'failed' && said !== '' ? said : `the process that generated ended: ${reason}`;
}

function lines({ name, problems }: Check): string {
  if (problems.length === 0) return `ok      ${name}\n`;
  return `WRONG   ${name}\n${problems.map((problem) => `          ${problem}\n`).join('')}`;
}
