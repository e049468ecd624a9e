/** A set of token ids that is emptied in constant time: a mark counts only if it carries the current epoch. */
export class TokenMarks {
  private readonly stamps: Uint32Array;
  private epoch = 0;

  constructor(vocabSize: number) {
    this.stamps = new Uint32Array(vocabSize);
  }

  clear(): void {
    if (this.epoch >= 0xfffffff0) {
      this.stamps.fill(0);
      this.epoch = 0;
    }
    this.epoch++;
  }

  /** Marks the id; false if it was marked already. */
  add(id: number): boolean {
    if (this.stamps[id] === this.epoch) return false;
    this.stamps[id] = this.epoch;
    return true;
  }

  has(id: number): boolean {
    return this.stamps[id] === this.epoch;
  }
}

const pairs = new Map<number, { banned: TokenMarks; seen: TokenMarks }>();

/**
 * The scratch sets of a vocabulary, shared by all searches of this thread: a search only uses them between two lines of its own
 * synchronous code, and a table of the vocabulary's size for each document of a batch would not fit the caches.
 */
export function sharedMarks(vocabSize: number): { banned: TokenMarks; seen: TokenMarks } {
  let pair = pairs.get(vocabSize);
  if (!pair) {
    pair = { banned: new TokenMarks(vocabSize), seen: new TokenMarks(vocabSize) };
    pairs.set(vocabSize, pair);
  }
  return pair;
}
