import { didYouMean, wrong } from './args.js';
import type { Command, Commands } from './command.js';

/** Every command of this version; help and completion are made from it. */
export const COMMANDS: Commands = {
  summarize: {
    takes: 'IN',
    does: 'add a column of summaries to a table',
    load: () => import('./summarize.js'),
  },
  generate: {
    takes: 'TEXT | -',
    does: 'generate from one text, or from every line of stdin',
    load: () => import('./generate.js'),
  },
  pipe: {
    takes: '',
    does: 'add a column of summaries to an Arrow stream, from stdin to stdout',
    load: () => import('./pipe.js'),
  },
  eval: {
    takes: 'IN',
    does: 'compare models, baselines and stored summaries on a table',
    load: () => import('./eval.js'),
  },
  'job run': {
    takes: 'SPEC',
    does: 'run a job: columns of a table by a spec, resumable, every row accounted for',
    load: () => import('./job/run.js'),
  },
  'job resume': {
    takes: 'ID',
    does: 'go on with a job that was interrupted or has failed',
    load: () => import('./job/resume.js'),
  },
  'job retry': {
    takes: 'ID',
    does: 'compute the failed rows of a job again',
    load: () => import('./job/retry.js'),
  },
  'job show': {
    takes: 'ID',
    does: 'show what a job did or is doing',
    load: () => import('./job/show.js'),
  },
  'job list': {
    takes: '',
    does: 'show all jobs',
    load: () => import('./job/list.js'),
  },
  'job cancel': {
    takes: 'ID',
    does: 'end a job for good',
    load: () => import('./job/cancel.js'),
  },
  'models list': {
    takes: '',
    does: 'show the built-in models and those that were converted',
    load: () => import('./modelsList.js'),
  },
  'models show': {
    takes: 'URI',
    does: 'show what a model is and what it does by default',
    load: () => import('./modelsShow.js'),
  },
  'models convert': {
    takes: 'DIR',
    does: 'convert a checkpoint folder to the graphs that precis runs',
    load: () => import('./modelsConvert.js'),
  },
  'models verify': {
    takes: 'URI',
    does: 'check a checkpoint, its conversions, and that it generates',
    load: () => import('./modelsVerify.js'),
  },
  'cache stats': {
    takes: '',
    does: 'show what is in the cache of answers that jobs share',
    load: () => import('./cacheStats.js'),
  },
  'cache clear': {
    takes: '',
    does: 'remove answers from that cache',
    load: () => import('./cacheClear.js'),
  },
  bench: {
    takes: '',
    does: 'measure how fast a model runs on this machine',
    load: () => import('./bench.js'),
  },
  doctor: {
    takes: '',
    does: 'say what this machine has and what is missing',
    load: () => import('./doctor.js'),
  },
  completion: {
    takes: 'SHELL',
    does: 'print a script that completes commands in bash, zsh or fish',
    load: () => import('./completion.js'),
  },
};

export function usageText(): string {
  const calls = Object.entries(COMMANDS).map(([name, { takes, does }]) => [`${name} ${takes}`.trimEnd(), does]);
  return `usage: precis COMMAND [options]

Runs small text-to-text models (T5 class) over whole tables on this machine.

commands:
${calls.map(([call, does]) => `  ${call.padEnd(22)} ${does}`).join('\n')}

precis COMMAND --help shows the options of a command, precis --version the version.

examples:
  precis summarize sample.parquet --text document --out out.parquet
  precis generate "The council approved the budget on Tuesday ..." --model ./t5-small
`;
}

export interface FoundCommand {
  readonly name: string;
  readonly command: Command;
  readonly rest: readonly string[];
}

export async function findCommand(argv: readonly string[]): Promise<FoundCommand> {
  for (const words of [2, 1]) {
    const name = argv.slice(0, words).join(' ');
    if (Object.hasOwn(COMMANDS, name)) {
      return { name, command: await COMMANDS[name].load(), rest: argv.slice(words) };
    }
  }
  const names = Object.keys(COMMANDS);
  const family = names.filter((name) => name.startsWith(`${argv[0]} `));
  if (family.length > 0) {
    const known = family.map((name) => `precis ${name}`).join(', ');
    if (argv[1] === undefined) throw wrong(`precis ${argv[0]} is no command by itself`, `one of ${known}`);
    const hint = didYouMean(`${argv[0]} ${argv[1]}`, family, 'precis ');
    throw wrong(`precis ${argv[0]} ${argv[1]} is not a command of this version`, `one of ${known}`, hint);
  }
  const hint = didYouMean(argv[0], names, 'precis ');
  throw wrong(
    `precis ${argv[0]} is not a command of this version`,
    undefined,
    hint ?? 'precis --help shows the commands',
  );
}

/** The commands of `precis models`, for `precis models --help`. */
export function familyText(family: string): string | null {
  const members = Object.entries(COMMANDS).filter(([name]) => name.startsWith(`${family} `));
  if (members.length === 0) return null;
  const lines = members.map(([name, { takes, does }]) => `  ${`precis ${name} ${takes}`.trimEnd().padEnd(28)} ${does}`);
  return `usage: precis ${family} COMMAND [options]\n\n${lines.join('\n')}\n`;
}
