import type { Row } from '../../table/record.js';
import type { ShownRow } from './types.js';

/** What a comparison needs and fills. */
export interface Compared {
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly tally: Tally;
  readonly signal?: AbortSignal;
}

/** Counts differences and keeps the first of them. */
export class Tally {
  readonly rows = { equal: 0, changed: 0, only_in_a: 0, only_in_b: 0 };
  readonly byColumn: Record<string, number>;
  readonly shown: ShownRow[] = [];

  constructor(
    readonly columns: readonly string[],
    private readonly show: number,
  ) {
    this.byColumn = Object.fromEntries(columns.map((name) => [name, 0]));
  }

  get isEqual(): boolean {
    return this.rows.changed + this.rows.only_in_a + this.rows.only_in_b === 0;
  }

  get hasRoom(): boolean {
    return this.shown.length < this.show;
  }

  equal(): void {
    this.rows.equal++;
  }

  /** Returns whether it is to be shown. */
  changed(columns: readonly string[]): boolean {
    this.rows.changed++;
    for (const name of columns) this.byColumn[name]++;
    return this.hasRoom;
  }

  onlyIn(side: 'a' | 'b', key: ShownRow['key'], row: Row): void {
    const kind = `only_in_${side}` as const;
    this.rows[kind]++;
    if (!this.hasRoom) return;
    this.shown.push({
      kind,
      key,
      values: Object.fromEntries(this.columns.map((name) => [name, { [side]: row[name] }])),
    });
  }
}
