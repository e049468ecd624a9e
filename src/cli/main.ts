#!/usr/bin/env node
import '../engine/noTelemetry.js';

import { readFileSync } from 'node:fs';
import { didYouMean, type ParsedArguments, parseArguments, wrong } from './args.js';
import { reportError, WRONG_USAGE } from './errors.js';
import type { Flags } from './flags.js';
import { type CommandHelp, helpText } from './help.js';
import { endQuietlyOnClosedPipe, print } from './io.js';

interface Command {
  readonly FLAGS: Flags;
  readonly HELP: CommandHelp;
  run(parsed: ParsedArguments): Promise<void>;
}

const INTERRUPTED = 130;

/** Loaded when called: a command pays for nothing that another one needs. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  generate: () => import('./generate.js'),
  'models convert': () => import('./modelsConvert.js'),
};

const USAGE = `usage: precis COMMAND [options]

Runs small text-to-text models (T5 class) on this machine.

commands:
  generate TEXT | -      generate from one text, or from every line of stdin
  models convert DIR     convert a checkpoint folder to the graphs that precis runs

precis COMMAND --help shows the options of a command, precis --version the version.

examples:
  precis generate "The council approved the budget on Tuesday ..." --model ./t5-small
  precis models convert ./t5-small --precision int8
`;

async function main(argv: readonly string[]): Promise<void> {
  const [first] = argv;
  if (first === '--version') return print(`${version()}\n`);
  if (first === '--help' || first === 'help') return print(USAGE);
  if (first === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = WRONG_USAGE;
    return;
  }
  const { command, rest } = await findCommand(argv);
  // An argument that cannot be read must not keep anyone from the help.
  const beforeText = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (beforeText.includes('--help')) return print(helpText(command.HELP));
  await command.run(parseArguments(rest, command.FLAGS));
}

async function findCommand(argv: readonly string[]): Promise<{ command: Command; rest: readonly string[] }> {
  for (const words of [2, 1]) {
    const name = argv.slice(0, words).join(' ');
    if (Object.hasOwn(COMMANDS, name)) return { command: await COMMANDS[name](), rest: argv.slice(words) };
  }
  if (argv[0] === 'models') {
    if (argv[1] === undefined || argv[1] === '--help')
      return { command: await COMMANDS['models convert'](), rest: ['--help'] };
    throw wrong(`precis models ${argv[1]} is not a command of this version`, 'precis models convert');
  }
  const hint = didYouMean(argv[0], Object.keys(COMMANDS), 'precis ');
  throw wrong(
    `precis ${argv[0]} is not a command of this version`,
    undefined,
    hint ?? 'precis --help shows the commands',
  );
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;
}

endQuietlyOnClosedPipe();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(INTERRUPTED));
const argv = process.argv.slice(2);
try {
  await main(argv);
} catch (error) {
  process.exitCode = reportError(error, argv.includes('--debug'));
}
