import { didYouMean, type ParsedArguments, wrong } from './args.js';
import type { Commands } from './command.js';
import { bashScript, fishScript, zshScript } from './completionScripts.js';
import { type Flags, PLAIN_FLAGS } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';

export const FLAGS: Flags = PLAIN_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis completion bash|zsh|fish',
  summary: `Prints a script for the shell that completes commands, options and their values. Load it where the shell starts.`,
  examples: [
    'precis completion bash >> ~/.bash_completion',
    'precis completion fish > ~/.config/fish/completions/precis.fish',
  ],
  groups: { options: PLAIN_FLAGS },
};

const SHELLS = { bash: bashScript, zsh: zshScript, fish: fishScript };

export async function run({ positionals }: ParsedArguments, commands: Commands): Promise<void> {
  const [shell, ...more] = positionals;
  const known = Object.keys(SHELLS);
  if (shell === undefined || more.length > 0 || !Object.hasOwn(SHELLS, shell)) {
    const found =
      positionals.length === 1
        ? `${JSON.stringify(shell)} is no shell known here`
        : `${positionals.length} shells are given`;
    throw wrong(found, `one of ${known.join(', ')}`, shell === undefined ? undefined : didYouMean(shell, known));
  }
  const loaded = Object.entries(commands).map(async ([name, { does, load }]) => ({
    name,
    does,
    flags: (await load()).FLAGS,
  }));
  print(SHELLS[shell as keyof typeof SHELLS](await Promise.all(loaded)));
}
