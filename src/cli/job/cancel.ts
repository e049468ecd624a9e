import { type ParsedArguments, wrong } from '../args.js';
import { COMMON_FLAGS, type Flags } from '../flags.js';
import type { CommandHelp } from '../help.js';
import { print } from '../io.js';
import { recordText } from './recordText.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis job cancel ID',
  summary: `Ends a job for good: the process that works on it is asked to stop, and nothing is published. Its output is as it was.`,
  examples: ['precis job cancel 20261121T153322', 'precis job cancel 4f9a --json'],
  groups: { options: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw wrong(`${positionals.length} jobs are given`, 'one');
  const { findJob } = await import('../../jobs/store.js');
  const { cancelJob } = await import('../../jobs/core/cancelJob.js');
  const record = await cancelJob(findJob(given).id);
  print(values.json === true ? `${JSON.stringify(record)}\n` : recordText(record));
}
