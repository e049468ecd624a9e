import { hash } from 'node:crypto';
import type { Data, RecordBatch } from 'apache-arrow';
import { cellWriter } from './cellBytes.js';
import { RowBytes } from './rowBytes.js';

/** 32-bit words of a fingerprint. */
export const WORDS = 4;

export interface FingerprintColumn {
  readonly name: string;
  /** See cellWriter. */
  readonly asText?: boolean;
}

/**
 * The first 128 bits of the SHA-256 of each row's cells: of 10^9 rows, two different ones are the same with a probability of 10^-21, and nobody can make
 * such two texts. `salt` is in front of every row.
 */
export class Fingerprinter {
  private readonly row = new RowBytes();

  constructor(
    private readonly columns: readonly FingerprintColumn[],
    private readonly salt: string | null = null,
  ) {}

  /** WORDS words a row. */
  of(batch: RecordBatch): Uint32Array {
    const { row, salt } = this;
    const cells = this.columns.map(({ name, asText }) => cellWriter(columnData(batch, name), row, asText));
    const words = new Uint32Array(batch.numRows * WORDS);
    for (let i = 0; i < batch.numRows; i++) {
      row.start();
      if (salt !== null) row.text(salt);
      for (const cell of cells) cell(i);
      const digest = hash('sha256', row.bytes, 'buffer');
      for (let word = 0; word < WORDS; word++) words[i * WORDS + word] = digest.readUInt32LE(word * 4);
    }
    return words;
  }
}

/** The one chunk of a batch's column, which has to be there. */
export function columnData(batch: RecordBatch, name: string): Data {
  return batch.data.children[batch.schema.fields.findIndex((field) => field.name === name)];
}
