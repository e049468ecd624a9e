import type { Data } from 'apache-arrow';
import { concatData } from './concatData.js';

/** Rows picked one by one from chunks of one type; neighbours are taken together. */
export class Gather {
  private readonly runs: Data[] = [];
  private chunk: Data | null = null;
  private start = 0;
  private end = 0;

  /** `empty` says the type if nothing is picked. */
  constructor(private readonly empty: Data) {}

  add(chunk: Data, row: number): void {
    if (chunk === this.chunk && row === this.end) {
      this.end++;
      return;
    }
    this.close();
    this.chunk = chunk;
    this.start = row;
    this.end = row + 1;
  }

  finish(): Data {
    this.close();
    return concatData(this.runs.length > 0 ? this.runs : [this.empty.slice(0, 0)]);
  }

  private close(): void {
    if (this.chunk) this.runs.push(this.chunk.slice(this.start, this.end - this.start));
    this.chunk = null;
  }
}
