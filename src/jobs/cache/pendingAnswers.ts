import { type Data, Field, type RecordBatch, Schema } from 'apache-arrow';
import { batchOf, batchToIpc, concatBatches, sliceBatch } from '../../table/columns.js';
import { batchBytes } from '../../table/data/batchBytes.js';
import { WORDS } from '../carry/fingerprints.js';
import { ownCopy, type Place, partOf } from '../carry/knownDetails.js';
import type { AnswerBlock } from './answerFile.js';

/** A block is what is read to find one answer: small, but with an Arrow schema of some 500 bytes of its own. */
const BLOCK_ROWS = 256;
const BLOCK_BYTES = 64 * 1024;

/** The columns of a block. */
const VALUE = 0;
const TRUNCATED = 1;

/** An answer: where its value lies, and whether its text was cut. */
export interface AnswerPlace {
  readonly value: Place;
  readonly truncated: Place;
}

export function answerAt(batch: RecordBatch, row: number): AnswerPlace {
  const [value, truncated] = [VALUE, TRUNCATED].map((column) => ({ data: batch.data.children[column], row }));
  return { value, truncated };
}

/** Answers that are not in a file yet. */
export class PendingAnswers {
  private readonly batches: RecordBatch[] = [];
  private readonly starts: number[] = [];
  private readonly words: Uint32Array[] = [];
  rows = 0;
  bytes = 0;

  add(words: Uint32Array, value: Data, truncated: Data): void {
    const fields = [new Field('value', value.type, true), new Field('truncated', truncated.type, true)];
    const batch = ownCopy(batchOf(new Schema(fields), [value, truncated], value.length));
    this.starts.push(this.rows);
    this.batches.push(batch);
    this.words.push(words);
    this.rows += value.length;
    this.bytes += batchBytes(batch) + words.byteLength;
  }

  at(row: number): AnswerPlace {
    const part = partOf(this.starts, row);
    return answerAt(this.batches[part], row - this.starts[part]);
  }

  /** Everything, as a file is made of it. */
  cut(): { readonly words: Uint32Array; readonly blocks: readonly AnswerBlock[] } {
    const all = concatBatches(this.batches);
    const words = new Uint32Array(this.rows * WORDS);
    let at = 0;
    for (const part of this.words) {
      words.set(part, at);
      at += part.length;
    }
    const rows = Math.max(1, Math.min(BLOCK_ROWS, Math.floor((BLOCK_BYTES * this.rows) / Math.max(1, this.bytes))));
    const blocks: AnswerBlock[] = [];
    for (let start = 0; start < this.rows; start += rows) {
      const block = sliceBatch(all, start, start + rows);
      blocks.push({ rows: block.numRows, bytes: batchToIpc(block) });
    }
    return { words, blocks };
  }
}
