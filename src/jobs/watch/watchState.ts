import { createHash } from 'node:crypto';
import path from 'node:path';
import { openHome } from '../../files/home.js';
import { readState, writeWhole } from '../../files/stateFile.js';
import type { Arrival } from './arrivals.js';

/** What was done with a name: of which content, how it ended, how often it was tried. */
interface Entry {
  readonly identity: string;
  readonly end: 'done' | 'failed' | 'begun';
  readonly attempts: number;
}

interface State {
  readonly format: 1;
  readonly folder: string;
  readonly files: Record<string, Entry>;
}

/** Remembers under PRECIS_HOME/watches, so that a restart does nothing twice. Entries outlive their files: a disk that was away comes back. */
export class WatchState {
  private readonly files: Record<string, Entry>;
  private readonly file: string;

  constructor(
    private readonly folder: string,
    name: string,
    say: (line: string) => void,
  ) {
    const hash = createHash('sha256').update(`${name}\n${folder}`).digest('hex').slice(0, 12);
    this.file = path.join(
      openHome(),
      'watches',
      `${path.basename(folder).replace(/[^A-Za-z0-9._-]+/g, '_')}-${hash}.json`,
    );
    const state = readState(this.file, isState, (why) => say(`${why}; all files of ${folder} count as new`));
    this.files = Object.assign(Object.create(null), state?.files);
    this.save();
  }

  /** How often this very content was tried; null: it is done. */
  attempts({ name, identity }: Arrival): number | null {
    const entry = this.files[name];
    if (entry === undefined || entry.identity !== hashOf(identity)) return 0;
    return entry.end === 'done' ? null : entry.attempts;
  }

  set({ name, identity }: Arrival, end: Entry['end'], attempts: number): void {
    this.files[name] = { identity: hashOf(identity), end, attempts };
    this.save();
  }

  private save(): void {
    const state: State = { format: 1, folder: this.folder, files: this.files };
    writeWhole(this.file, `${JSON.stringify(state)}\n`);
  }
}

/** Of a folder with many parts it would be long. */
function hashOf(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 24);
}

function isState(value: unknown): value is State {
  const { format, files } = (value ?? {}) as Partial<State>;
  return format === 1 && typeof files === 'object' && files !== null;
}
