import { WORDS } from './fingerprints.js';

/** Fingerprints of a block: so that growing copies nothing. */
const BLOCK_ROWS = 65_536;

/**
 * Finds fingerprints, which are numbered as they are added. Typed arrays only: 16 bytes an entry and a hash table of 5.3 to 10.7, together 21 to 27
 * bytes. A fingerprint that is added again is found by its newest number.
 */
export class FingerprintIndex {
  private readonly blocks: Uint32Array[] = [];
  /** An entry's number + 1; 0 is free. */
  private slots = new Uint32Array(1024);
  private used = 0;
  size = 0;

  /** Its memory. */
  get bytes(): number {
    return this.blocks.reduce((sum, block) => sum + block.byteLength, this.slots.byteLength);
  }

  /** Returns its number. */
  add(words: Uint32Array, at: number): number {
    const entry = this.size++;
    const place = entry % BLOCK_ROWS;
    if (place === 0) this.blocks.push(new Uint32Array(BLOCK_ROWS * WORDS));
    this.blocks[this.blocks.length - 1].set(words.subarray(at, at + WORDS), place * WORDS);
    const slot = this.slotOf(words, at);
    const isNew = this.slots[slot] === 0;
    this.slots[slot] = entry + 1;
    if (isNew && ++this.used > this.slots.length * 0.75) this.grow();
    return entry;
  }

  /** Its newest number; -1 if it was never added. */
  find(words: Uint32Array, at: number): number {
    return this.slots[this.slotOf(words, at)] - 1;
  }

  /** The fingerprint of an entry: where it lies. */
  wordsOf(entry: number): readonly [words: Uint32Array, at: number] {
    return [this.blocks[Math.floor(entry / BLOCK_ROWS)], (entry % BLOCK_ROWS) * WORDS];
  }

  /** Where it is, or where it would be. */
  private slotOf(words: Uint32Array, at: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = words[at] & mask;
    while (slots[slot] !== 0 && !this.isSame(slots[slot] - 1, words, at)) slot = (slot + 1) & mask;
    return slot;
  }

  private isSame(entry: number, words: Uint32Array, at: number): boolean {
    const [block, start] = this.wordsOf(entry);
    for (let i = 0; i < WORDS; i++) if (block[start + i] !== words[at + i]) return false;
    return true;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (const taken of old) {
      if (taken === 0) continue;
      this.slots[this.slotOf(...this.wordsOf(taken - 1))] = taken;
    }
  }
}
