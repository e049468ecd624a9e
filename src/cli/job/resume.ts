import { type ParsedArguments, wrong } from '../args.js';
import { COMMON_FLAGS, type Flags } from '../flags.js';
import type { CommandHelp } from '../help.js';
import { workOn } from './work.js';

const OWN_FLAGS: Flags = {
  'accept-changes': { type: 'flag', help: 'source or model changed: compute anew what they make different' },
  'error-threshold': { type: 'text', value: 'N', help: 'so many rows may fail from now on; -1: any number' },
  'publish-partial': { type: 'flag', help: 'past the error threshold: publish the rows that are there' },
};

export const FLAGS: Flags = { ...OWN_FLAGS, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis job resume ID [options]',
  summary: `Goes on with a job that was interrupted, was killed or has failed, after the last partition that is on the disk. Refuses if the source
or the model changed since, and names what did. ID may be shortened as long as it names one job.`,
  examples: ['precis job resume 20261121T153322', 'precis job resume 20261121T153322 --error-threshold -1'],
  groups: { options: OWN_FLAGS, other: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  const [given, ...more] = positionals;
  if (given === undefined || more.length > 0) throw wrong(`${positionals.length} jobs are given`, 'one');
  const { findJob } = await import('../../jobs/store.js');
  const threshold = thresholdOf(values['error-threshold'] as string | undefined);
  const how = {
    action: 'resume' as const,
    acceptChanges: values['accept-changes'] === true,
    publishPartial: values['publish-partial'] === true,
    ...(threshold !== null && {
      change: (spec: import('../../jobs/types.js').JobSpec) => ({ ...spec, errorThreshold: threshold }),
    }),
  };
  await workOn(findJob(given).id, how, values);
}

function thresholdOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^(-1|\d{1,12})$/.test(text)) return Number(text);
  throw wrong(`--error-threshold ${text}`, 'a whole number of at least 0, or -1 for any number');
}
