import { type ParsedArguments, wrong } from '../args.js';
import { COMMON_FLAGS, type Flags } from '../flags.js';
import type { CommandHelp } from '../help.js';
import { print } from '../io.js';
import { workOn } from './work.js';

const SPEC_FLAGS: Flags = {
  input: { type: 'text', value: 'PATH', completes: 'files', help: "instead of the spec's source" },
  output: { type: 'text', value: 'PATH', completes: 'files', help: "instead of the spec's output" },
  set: {
    type: 'text',
    value: 'KEY=VALUE',
    repeats: true,
    help: 'another value for a part of the spec, such as output.mode=overwrite',
  },
};
const RUN_FLAGS: Flags = {
  'dry-run': { type: 'flag', help: 'check everything, run a sample, and estimate time and cost; write nothing' },
  'publish-partial': { type: 'flag', help: 'past the error threshold: publish the rows that are there' },
};

export const FLAGS: Flags = { ...SPEC_FLAGS, ...RUN_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis job run SPEC [options]',
  summary: `Runs a job: a table, the columns to make from it, and the output, as a spec says (YAML, JSON, a module, or the name of a saved one).
What is done is kept: a job that was killed goes on with precis job resume ID. Exit code 3: too many rows failed, nothing was published.
src/jobs/README.md has all that a spec may say.`,
  examples: [
    'precis job run nightly.yaml',
    'precis job run nightly.yaml --input today.parquet --set output.mode=overwrite',
  ],
  groups: { spec: SPEC_FLAGS, run: RUN_FLAGS, other: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [location, ...more] = positionals;
  if (location === undefined || more.length > 0) throw wrong(`${positionals.length} specs are given`, 'one');
  const { readSpec } = await import('../../jobs/spec/index.js');
  const overrides = {
    input: values.input as string | undefined,
    output: values.output as string | undefined,
    set: values.set as readonly string[] | undefined,
  };
  const spec = await readSpec(location, { overrides });
  if (values['dry-run'] === true) {
    const { estimate } = await import('../../jobs/core/estimate.js');
    const { estimateText } = await import('./estimateText.js');
    const found = await estimate(spec);
    return print(values.json === true ? `${JSON.stringify(found)}\n` : estimateText(found));
  }
  const { planJob } = await import('../../jobs/core/planJob.js');
  const { id, opened } = await planJob(spec);
  await workOn(id, { action: 'run', opened, publishPartial: values['publish-partial'] === true }, values);
}
