import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';
import { size } from './sizes.js';

const OWN: Flags = {
  'older-than': { type: 'number', value: 'DAYS', help: 'only answers that were written longer ago' },
};

export const FLAGS: Flags = { ...OWN, ...COMMON_FLAGS };

export const HELP: CommandHelp = {
  usage: 'precis cache clear [--older-than DAYS] [--json]',
  summary: `Removes answers from the cache that jobs share. Jobs that run meanwhile compute again what they do not find.`,
  examples: ['precis cache clear', 'precis cache clear --older-than 30'],
  groups: { 'what to remove': OWN, options: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0) throw wrong(`precis cache clear ${positionals[0]}`, 'no arguments');
  const olderThanDays = values['older-than'] as number | undefined;
  if (olderThanDays !== undefined && olderThanDays < 0) {
    throw wrong(`--older-than is "${olderThanDays}"`, 'a number of days of at least 0');
  }
  const { clearCache } = await import('../jobs/cache/cacheStats.js');
  const { files, bytes, left } = clearCache({ olderThanDays });
  if (values.json === true) print(`${JSON.stringify({ files, bytes, left })}\n`);
  else print(`removed ${files} ${files === 1 ? 'file' : 'files'} of answers, ${size(bytes)}\n`);
  if (left === 0) return;
  const { PrecisError } = await import('../errors.js');
  throw new PrecisError('cache', {
    found: `${left} ${left === 1 ? 'file' : 'files'} of answers that cannot be removed`,
    expected: 'a folder that this user may write',
    action: 'change its permissions',
  });
}
