import type { Flags } from './flags.js';

export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly groups: Readonly<Record<string, Flags>>;
}

const WIDTH = 36;

export function helpText(help: CommandHelp): string {
  const lines = [`usage: ${help.usage}`, '', help.summary];
  for (const [title, flags] of Object.entries(help.groups)) {
    lines.push('', `${title}:`);
    for (const [name, flag] of Object.entries(flags)) {
      const value = flag.values?.join('|') ?? flag.value ?? (flag.type === 'flag' ? '' : 'N');
      const names = flag.short ? `-${flag.short}, --${name}` : `--${name}`;
      const call = `${names} ${value}`.trimEnd();
      // What is too long for its column pushes the help to the next line.
      lines.push(
        call.length <= WIDTH
          ? `  ${call.padEnd(WIDTH)} ${flag.help}`
          : `  ${call}\n  ${' '.repeat(WIDTH)} ${flag.help}`,
      );
    }
  }
  lines.push('', 'examples:', ...help.examples.map((example) => `  ${example}`), '');
  return lines.join('\n');
}
