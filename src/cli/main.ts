#!/usr/bin/env node
import '../engine/noTelemetry.js';

import { readFileSync } from 'node:fs';
import { parseArguments } from './args.js';
import { COMMANDS, familyText, findCommand, usageText } from './commands.js';
import { reportError, WRONG_USAGE } from './errors.js';
import { helpText } from './help.js';
import { endOnSignals, INTERRUPTED, Interrupted } from './interrupt.js';
import { endQuietlyOnClosedPipe, print, say } from './io.js';

async function main(given: readonly string[]): Promise<void> {
  // `precis help generate` is asked for as often as `precis generate --help`.
  const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const [first] = argv;
  if (first === '--version') return print(`${version()}\n`);
  if (first === '--help') return print(usageText());
  if (first === undefined) {
    process.stderr.write(usageText());
    process.exitCode = WRONG_USAGE;
    return;
  }
  const family = argv[1] === '--help' ? familyText(first) : null;
  if (family !== null) return print(family);
  const { command, rest } = await findCommand(argv);
  // An argument that cannot be read must not keep anyone from the help.
  const beforeText = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (beforeText.includes('--help')) return print(helpText(command.HELP));
  await command.run(parseArguments(rest, command.FLAGS), COMMANDS);
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;
}

endQuietlyOnClosedPipe();
endOnSignals();
const argv = process.argv.slice(2);
try {
  await main(argv);
} catch (error) {
  if (error instanceof Interrupted) {
    say(error.message);
    process.exitCode = INTERRUPTED;
  } else {
    process.exitCode = reportError(error, argv.includes('--debug'));
  }
  // Everything was cleaned up on the way here; a read of stdin that nobody waits for any more would keep the process.
  process.exit();
}
