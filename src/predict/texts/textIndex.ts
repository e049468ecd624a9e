/** Finds texts' numbers by their hashes: open addressing over flat arrays. Numbers below `oldest` are forgotten. */
export class TextIndex {
  private hashes = new Int32Array(1024);
  /** -1: free. */
  private numbers = new Float64Array(1024).fill(-1);
  private mask = 1023;
  /** Slots that are not free, forgotten ones included. */
  private used = 0;
  oldest = 0;

  /** The number of a text with this hash for which `same` holds, else -1. */
  find(hash: number, same: (number: number) => boolean): number {
    for (let slot = hash & this.mask; ; slot = (slot + 1) & this.mask) {
      const number = this.numbers[slot];
      if (number === -1) return -1;
      if (this.hashes[slot] === hash && number >= this.oldest && same(number)) return number;
    }
  }

  add(hash: number, number: number): void {
    if (this.used * 3 >= this.numbers.length * 2) this.rebuild(number);
    this.insert(hash, number);
  }

  private insert(hash: number, number: number): void {
    let slot = hash & this.mask;
    while (this.numbers[slot] >= this.oldest) slot = (slot + 1) & this.mask;
    // A forgotten text's slot may be taken over: it stays used.
    if (this.numbers[slot] === -1) this.used++;
    this.hashes[slot] = hash;
    this.numbers[slot] = number;
  }

  /** Drops what is forgotten, and makes room for twice what is not. */
  private rebuild(next: number): void {
    const { hashes, numbers } = this;
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(1024, (next - this.oldest) * 2)));
    this.hashes = new Int32Array(capacity);
    this.numbers = new Float64Array(capacity).fill(-1);
    this.mask = capacity - 1;
    this.used = 0;
    for (let slot = 0; slot < numbers.length; slot++) {
      if (numbers[slot] >= this.oldest) this.insert(hashes[slot], numbers[slot]);
    }
  }
}
