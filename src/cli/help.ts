import type { Flags } from './flags.js';

export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly groups: Readonly<Record<string, Flags>>;
}

export function helpText(help: CommandHelp): string {
  const lines = [`usage: ${help.usage}`, '', help.summary];
  for (const [title, flags] of Object.entries(help.groups)) {
    lines.push('', `${title}:`);
    for (const [name, flag] of Object.entries(flags)) {
      const value = flag.values?.join('|') ?? flag.value ?? (flag.type === 'flag' ? '' : 'N');
      const names = flag.short ? `-${flag.short}, --${name}` : `--${name}`;
      lines.push(`  ${`${names} ${value}`.trimEnd().padEnd(36)} ${flag.help}`);
    }
  }
  lines.push('', 'examples:', ...help.examples.map((example) => `  ${example}`), '');
  return lines.join('\n');
}
