import { type ParsedArguments, wrong } from '../args.js';
import { COMMON_FLAGS, type Flags, TEXT_FLAGS } from '../flags.js';
import type { CommandHelp } from '../help.js';
import { workOn } from './work.js';

const OWN_FLAGS: Flags = {
  model: { ...TEXT_FLAGS.model, help: "try the failed rows with this model instead of the job's" },
};

export const FLAGS: Flags = { ...OWN_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis job retry ID [--model URI]',
  summary: `Computes the rows of a job that failed once more, and only those, and publishes the output anew with what became of them. Refuses if the
source changed since.`,
  examples: ['precis job retry 20261121T153322', 'precis job retry 20261121T153322 --model builtin:lead-3'],
  groups: { options: OWN_FLAGS, other: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw wrong(`${positionals.length} jobs are given`, 'one');
  const { findJob } = await import('../../jobs/store.js');
  await workOn(findJob(given).id, { action: 'retry', retryModel: values.model as string | undefined }, values);
}
