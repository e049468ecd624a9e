/** One way to run a model. Null: what the model or the engine chooses by itself. */
export interface Setting {
  /** As for the pool: `cpu`, or some CUDA devices with commas between them. */
  readonly device: string;
  readonly precision: string;
  readonly workers: number;
  readonly threads: number;
  readonly batchRows: number | null;
  readonly numBeams: number | null;
}

/** What is tried of each part of a setting. */
export type Sweep = { readonly [Part in keyof Setting]: readonly Setting[Part][] };

type Part = { [Key in keyof Setting]: { key: Key; show: (value: Setting[Key]) => string } }[keyof Setting];

const PARTS: readonly Part[] = [
  { key: 'device', show: (device) => device },
  { key: 'precision', show: (precision) => precision },
  { key: 'workers', show: (workers) => counted(workers, 'worker') },
  { key: 'threads', show: (threads) => counted(threads, 'thread') },
  { key: 'batchRows', show: (rows) => (rows === null ? 'default rows' : counted(rows, 'row')) },
  { key: 'numBeams', show: showBeams },
];

/** All combinations; what was given first changes last. */
export function settingsOf(sweep: Sweep): Setting[] {
  return PARTS.reduce<Partial<Setting>[]>(
    (settings, { key }) => settings.flatMap((setting) => sweep[key].map((value) => ({ ...setting, [key]: value }))),
    [{}],
  ) as Setting[];
}

/** The parts that differ among settings; of a single setting none does. */
export function varyingParts(settings: readonly Setting[]): (keyof Setting)[] {
  return PARTS.map(({ key }) => key).filter((key) => settings.some((setting) => setting[key] !== settings[0][key]));
}

/** What tells a setting from the others in words, for example `int8, 2 workers`. */
export function labelOf(setting: Setting, parts: readonly (keyof Setting)[]): string {
  return PARTS.filter(({ key }) => parts.includes(key))
    .map(({ key, show }) => (show as (value: unknown) => string)(setting[key]))
    .join(', ');
}

function showBeams(beams: number | null): string {
  if (beams === null) return 'default search';
  return beams === 1 ? 'greedy' : `${beams} beams`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
