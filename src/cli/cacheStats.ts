import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';
import { size } from './sizes.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis cache stats [--json]',
  summary: `Shows what is in the cache of answers that jobs share (PRECIS_HOME/cache/answers): for each model and its options how many answers,
what they take, and when the oldest and the newest were written. PRECIS_ANSWER_CACHE_BYTES says how much they may take, 2 GiB by default.`,
  examples: ['precis cache stats', 'precis cache stats --json'],
  groups: { options: COMMON_FLAGS },
};

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0) throw wrong(`precis cache stats ${positionals[0]}`, 'no arguments');
  const { cacheStats } = await import('../jobs/cache/cacheStats.js');
  const stats = cacheStats();
  const counts = ({ entries, files, bytes, oldest, newest }: Counted) => ({
    ...{ entries, files, bytes },
    ...{ oldest: oldest?.toISOString() ?? null, newest: newest?.toISOString() ?? null },
  });
  if (values.json === true) {
    const namespaces = stats.namespaces.map((one) => ({ namespace: one.namespace, dir: one.folder, ...counts(one) }));
    return print(`${JSON.stringify({ dir: stats.root, max_bytes: stats.mostBytes, ...counts(stats), namespaces })}\n`);
  }
  for (const one of stats.namespaces) print(`${line(one)}  ${shown(one.namespace)}\n`);
  print(`${line(stats)}  of at most ${size(stats.mostBytes)} in ${stats.root}\n`);
}

interface Counted {
  readonly entries: number;
  readonly files: number;
  readonly bytes: number;
  readonly oldest: Date | null;
  readonly newest: Date | null;
}

function line({ entries, bytes, oldest, newest }: Counted): string {
  const days = [oldest, newest].map((date) => date?.toISOString().slice(0, 10) ?? '-');
  const answers = `${entries.toLocaleString('en')} answers`;
  return `${answers.padStart(20)}  ${size(bytes).padStart(9)}  ${days.join(' to ').padEnd(24)}`;
}

/** What a job calls a namespace may be long; all of it is in the JSON. */
function shown(namespace: string): string {
  const text = namespace.replace(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
