import { setTimeout } from 'node:timers/promises';
import type { JobRecord } from '../../jobs/record.js';
import { type ParsedArguments, wrong } from '../args.js';
import { COMMON_FLAGS, type Flags } from '../flags.js';
import type { CommandHelp } from '../help.js';
import { print } from '../io.js';
import { describe } from '../progress.js';
import { recordText } from './recordText.js';

const OWN_FLAGS: Flags = { follow: { type: 'flag', help: 'a line at each change, until the job has ended' } };
const LOOK_EVERY_MS = 500;

export const FLAGS: Flags = { ...OWN_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis job show ID [--follow] [--json]',
  summary: `Shows a job: its state, rows, tokens, times and where its output is. It is read from the job's journal, also while another process works
on it. --json prints its record, whose fields src/jobs/README.md explains.`,
  examples: ['precis job show 20261121T153322', 'precis job show 20261121T153322 --follow'],
  groups: { options: OWN_FLAGS, other: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw wrong(`${positionals.length} jobs are given`, 'one');
  const { findJob } = await import('../../jobs/store.js');
  const { lookAt } = await import('../../jobs/core/lookAt.js');
  const id = findJob(given).id;
  let record = lookAt(id);
  if (values.follow === true) {
    let told = '';
    for (; record.state === 'running' || record.state === 'planned'; record = lookAt(id)) {
      const line = progressLine(record);
      if (line !== told) process.stderr.write(`precis: ${line}\n`);
      told = line;
      await setTimeout(LOOK_EVERY_MS);
    }
  }
  print(values.json === true ? `${JSON.stringify(record)}\n` : recordText(record));
}

function progressLine({
  rows,
  rows_total,
  input_tokens,
  output_tokens,
  truncated,
  failed,
  seconds,
}: JobRecord): string {
  const tokens = input_tokens + output_tokens;
  return describe({ done: rows, tokens, truncated, failed }, 'rows', rows_total ?? undefined, seconds);
}
