import type { Data, RecordBatch, Utf8, Vector } from 'apache-arrow';
import { ERROR_COLUMN, RESULT_COLUMN, TRUNCATED_COLUMN } from './resultType.js';

/** What came back for the texts numbered from `first` to before `end`. */
export interface Piece {
  readonly first: number;
  readonly end: number;
  readonly data: Data;
  /** The reason of each text that failed; null if none did. */
  readonly errors: Vector<Utf8> | null;
  /** 1 for each text that was cut to fit; null if none was. */
  readonly truncated: Vector | null;
  readonly bytes: number;
}

/** Answers by the numbers of their texts: they come in order, and the oldest are forgotten first. */
export class Answers {
  private readonly pieces: Piece[] = [];
  /** All texts before this number are answered. */
  answered = 0;
  bytes = 0;
  /** The first text that shares an answer with one that failed or was cut. */
  firstMarked = Number.POSITIVE_INFINITY;

  add(first: number, batch: RecordBatch): void {
    const piece: Piece = {
      first,
      end: first + batch.numRows,
      data: batch.getChild(RESULT_COLUMN)!.data[0],
      errors: batch.getChild(ERROR_COLUMN),
      truncated: batch.getChild(TRUNCATED_COLUMN),
      bytes: batch.data.byteLength,
    };
    this.pieces.push(piece);
    if (piece.errors || piece.truncated) this.firstMarked = Math.min(this.firstMarked, first);
    this.bytes += piece.bytes;
    this.answered = piece.end;
  }

  forgetBefore(number: number): void {
    while (this.pieces.length > 0 && this.pieces[0].end <= number) this.bytes -= this.pieces.shift()!.bytes;
  }

  /** The piece that answers this number; `near` is where the caller looked before. */
  pieceOf(number: number, near: Piece | null): Piece {
    if (near && near.first <= number && number < near.end) return near;
    const { pieces } = this;
    let low = 0;
    let high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pieces[middle].first <= number) low = middle;
      else high = middle - 1;
    }
    return pieces[low];
  }
}
