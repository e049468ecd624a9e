import { hashText, type PartitionSize, TextBlock, wordsOf } from './textBlock.js';
import { TextIndex } from './textIndex.js';
import type { TextView } from './textView.js';

/** For each row of a slice the number of its text; -1 where there is none. */
export interface Plan {
  readonly numbers: Float64Array;
  /** The least and the greatest number; Infinity and -1 if all rows are null. */
  readonly first: number;
  readonly last: number;
  readonly nulls: number;
  /** How many texts, and how many bytes of them, were not seen before. */
  readonly fresh: number;
  readonly freshBytes: number;
}

/**
 * Numbers texts so that equal ones have one number and are computed once. It remembers texts by their bytes, block by block, and forgets the
 * oldest blocks first: a text that comes again after that is computed again.
 */
export class TextNumbering {
  private readonly index = new TextIndex();
  private readonly blocks: TextBlock[] = [];
  /** Blocks from here on have texts that were not sent. */
  private unsentBlock = 0;
  /** The number of the next text that was not seen before. */
  next = 0;
  private taken = 0;
  /** Of the texts that are remembered. */
  bytes = 0;

  constructor(
    private readonly size: PartitionSize,
    private readonly dedupe: boolean,
  ) {}

  plan(view: TextView): Plan {
    const { bytes, starts, ends, valid, length } = view;
    const words = wordsOf(view);
    const numbers = new Float64Array(length).fill(-1);
    const before = { next: this.next, bytes: this.bytes };
    let first = Number.POSITIVE_INFINITY;
    let last = -1;
    let nulls = 0;
    let start = 0;
    let end = 0;
    const same = (number: number) => {
      const block = this.blockOf(number);
      return block.equals(number - block.first, bytes, start, end);
    };
    for (let row = 0; row < length; row++) {
      if (valid && !valid[row]) {
        nulls++;
        continue;
      }
      start = starts[row];
      end = ends[row];
      const hash = this.dedupe ? hashText(words, start, end) : 0;
      const seen = this.dedupe ? this.index.find(hash, same) : -1;
      const number = seen === -1 ? this.add(hash, bytes, start, end) : seen;
      numbers[row] = number;
      if (number < first) first = number;
      if (number > last) last = number;
    }
    this.blocks.at(-1)?.settle();
    return { numbers, first, last, nulls, fresh: this.next - before.next, freshBytes: this.bytes - before.bytes };
  }

  /** A text that was not seen before. */
  private add(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const number = this.next;
    this.blockFor(end - start).add(bytes, start, end);
    this.next++;
    this.bytes += end - start;
    if (this.dedupe) this.index.add(hash, number);
    return number;
  }

  get unsentRows(): number {
    return this.next - this.taken;
  }

  /** Blocks that are full and not sent, not even in part. */
  get fullBlocks(): number {
    return Math.max(0, this.blocks.length - 1 - this.unsentBlock);
  }

  /** The next texts to be computed, at most so many; never out of two blocks. */
  take(rows: number): ReturnType<TextBlock['take']> {
    const block = this.blocks[this.unsentBlock];
    const part = block.take(rows);
    this.taken += part.batch.numRows;
    if (block.sent === block.rows) {
      // Nothing may be added to what is thought of as sent.
      if (this.unsentBlock === this.blocks.length - 1) this.blocks.push(this.newBlock());
      this.unsentBlock++;
    }
    return part;
  }

  /** The number after the last of the oldest block; null while that is not sent. */
  oldestEnd(): number | null {
    return this.unsentBlock === 0 ? null : this.blocks[0].first + this.blocks[0].rows;
  }

  forgetOldest(): void {
    const block = this.blocks.shift()!;
    this.unsentBlock--;
    this.bytes -= block.size;
    this.index.oldest = block.first + block.rows;
  }

  private blockFor(length: number): TextBlock {
    const block = this.blocks.at(-1);
    if (block?.fits(length)) return block;
    block?.settle();
    const made = this.newBlock();
    this.blocks.push(made);
    return made;
  }

  private newBlock(): TextBlock {
    return new TextBlock(this.next, this.size, this.blocks.at(-1)?.size ?? 0);
  }

  private blockOf(number: number): TextBlock {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (blocks[middle].first <= number) low = middle;
      else high = middle - 1;
    }
    return blocks[low];
  }
}
