import type { JobRecord } from '../../jobs/record.js';
import { type ParsedArguments, wrong } from '../args.js';
import { COMMON_FLAGS, type Flags } from '../flags.js';
import type { CommandHelp } from '../help.js';
import { print } from '../io.js';
import { count } from '../progress.js';
import { table } from '../textTable.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis job list [--json]',
  summary: 'Shows the jobs under PRECIS_HOME, the newest first.',
  examples: ['precis job list', 'precis job list --json'],
  groups: { options: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0) throw wrong(`precis job list ${positionals[0]}`, 'no arguments');
  const { lookAtAll } = await import('../../jobs/core/lookAt.js');
  const jobs = lookAtAll();
  if (values.json === true) return print(`${JSON.stringify({ jobs })}\n`);
  print(table([['JOB', 'STATE', 'ROWS', 'FAILED', 'STARTED', 'NAME OR OUTPUT'], ...jobs.map(cells)]));
}

function cells({ id, state, rows, rows_total, failed, started_at, name, output }: JobRecord): string[] {
  const done = rows_total === null || rows === rows_total ? count(rows) : `${count(rows)}/${count(rows_total)}`;
  return [
    id,
    state,
    done,
    failed === 0 ? '' : count(failed),
    started_at?.slice(0, 16).replace('T', ' ') ?? '',
    name ?? output,
  ];
}
