import type { ParsedArguments } from './args.js';
import type { Flags } from './flags.js';
import type { CommandHelp } from './help.js';

export interface Command {
  readonly FLAGS: Flags;
  readonly HELP: CommandHelp;
  /** `commands` is for those that speak of all of them. */
  run(parsed: ParsedArguments, commands: Commands): Promise<void>;
}

export interface CommandEntry {
  /** Its arguments, as the list of commands shows them. */
  readonly takes: string;
  readonly does: string;
  /** Loaded when called: a command pays for nothing that another one needs. */
  readonly load: () => Promise<Command>;
}

/** By name; some have two words. */
export type Commands = Readonly<Record<string, CommandEntry>>;
