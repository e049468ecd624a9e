import path from 'node:path';
import { type ParsedArguments, wrong } from './args.js';
import { COMMON_FLAGS, type Flags } from './flags.js';
import type { CommandHelp } from './help.js';
import { print } from './io.js';
import { size } from './sizes.js';
import { table as textTable } from './textTable.js';

export const FLAGS: Flags = COMMON_FLAGS;

export const HELP: CommandHelp = {
  usage: 'precis models list [--json]',
  summary: `Shows the built-in models and what was converted under PRECIS_HOME, the last used first.
A checkpoint is named by its folder as long as that is where it was read from; otherwise by its hash.`,
  examples: ['precis models list', 'precis models list --json'],
  groups: { options: COMMON_FLAGS },
};

/** One of `models` in the JSON. What a model has none of is null. */
interface ListedModel {
  /** What --model takes, or the hash of a checkpoint whose folder is gone. */
  readonly name: string;
  /** `shipped` is the checkpoint that comes with the package. */
  readonly kind: 'shipped' | 'builtin' | 'converted';
  readonly hash: string | null;
  readonly folders: readonly string[];
  readonly precision: string | null;
  readonly parameters: number | null;
  readonly bytes: number;
  readonly converted: string | null;
  readonly last_used: string | null;
  readonly dir: string | null;
  /** False: made by another version's converter, or damaged; it will be made anew. Of the shipped one: files of it are missing. */
  readonly current: boolean;
}

export async function run({ values, positionals }: ParsedArguments): Promise<void> {
  if (positionals.length > 0) throw wrong(`precis models list ${positionals[0]}`, 'no arguments');
  const models = await listedModels();
  if (values.json === true) return print(`${JSON.stringify({ models })}\n`);
  print(table(models));
}

async function listedModels(): Promise<ListedModel[]> {
  const { BUILTIN_NAMES } = await import('../engine/builtin/builtinModels.js');
  const { listConversions } = await import('../graph/conversions.js');
  const { rememberedFolders } = await import('../checkpoint/hash.js');
  const { lookAtShipped, SHIPPED_MODEL } = await import('../engine/builtin/shippedModel.js');
  const folders = rememberedFolders();
  const none = { hash: null, folders: [], precision: null, parameters: null, bytes: 0, converted: null };
  const own = lookAtShipped();
  const shipped = {
    ...{ ...none, name: SHIPPED_MODEL, kind: 'shipped' as const, folders: [own.dir], bytes: own.bytes },
    ...{ last_used: null, dir: own.dir, current: own.problem === null },
  };
  const builtin = BUILTIN_NAMES.map((name) => {
    return { name, kind: 'builtin' as const, ...none, last_used: null, dir: null, current: true };
  });
  const converted = listConversions().map(({ dir, manifest, current, bytes, converted, lastUsed }) => {
    const known = (manifest && folders.get(manifest.checkpointHash)) ?? [];
    return {
      name: (known.includes(own.dir) ? SHIPPED_MODEL : known[0]) ?? manifest?.checkpointHash ?? path.basename(dir),
      kind: 'converted' as const,
      hash: manifest?.checkpointHash ?? null,
      folders: known,
      precision: manifest?.precision ?? null,
      parameters: manifest?.parameters ?? null,
      bytes,
      converted: converted.toISOString(),
      last_used: lastUsed.toISOString(),
      dir,
      current,
    };
  });
  return [shipped, ...builtin, ...converted];
}

function table(models: readonly ListedModel[]): string {
  const rows = models.map((model) => [
    model.kind === 'builtin' || model.folders.length > 0 ? model.name : model.name.slice(0, 12),
    model.precision ?? (model.kind === 'shipped' ? 'checkpoint' : 'no weights'),
    model.kind === 'builtin' ? '' : size(model.bytes),
    model.converted?.slice(0, 10) ?? '',
    model.last_used?.slice(0, 16).replace('T', ' ') ?? '',
    remark(model),
  ]);
  return textTable([['MODEL', 'PRECISION', 'SIZE', 'CONVERTED', 'LAST USED', ''], ...rows]);
}

function remark({ kind, dir, current }: ListedModel): string {
  if (kind === 'shipped') return current ? `used without --model: ${dir}` : `missing or not whole: ${dir}`;
  return current ? '' : 'of another version or damaged: made anew when used';
}
