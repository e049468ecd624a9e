import type { Data, RecordBatch, Struct } from 'apache-arrow';
import { concatBatches, sliceBatch } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import type { Piece } from './computing.js';

/** The rows of one partition. */
export interface Partition extends Piece {
  readonly partition: number;
  /** Of the source, from 0. */
  readonly firstRow: number;
}

/** Pieces cut and joined into partitions; the last may have fewer rows. `first` is the partition that the pieces begin with. */
export async function* partitioned(
  pieces: AsyncIterable<Piece>,
  { first, rows }: { readonly first: number; readonly rows: number },
): AsyncGenerator<Partition> {
  let partition = first;
  let parts: Piece[] = [];
  let held = 0;
  const made = () => ({ ...joined(parts), partition, firstRow: partition * rows });
  for await (const piece of pieces) {
    for (let at = 0; at < piece.batch.numRows; ) {
      const count = Math.min(rows - held, piece.batch.numRows - at);
      parts.push(slicePiece(piece, at, count));
      held += count;
      at += count;
      if (held < rows) continue;
      yield made();
      partition++;
      parts = [];
      held = 0;
    }
  }
  if (held > 0) yield made();
}

export function slicePiece({ batch, flags, details }: Piece, start: number, count: number): Piece {
  return {
    batch: sliceBatch(batch, start, start + count),
    flags: flags.subarray(start, start + count),
    details: details.map((data) => data.slice(start, count) as Data<Struct>),
  };
}

function joined(parts: readonly Piece[]): Piece {
  if (parts.length === 1) return parts[0];
  const flags = new Uint8Array(parts.reduce((sum, part) => sum + part.flags.length, 0));
  let at = 0;
  for (const part of parts) {
    flags.set(part.flags, at);
    at += part.flags.length;
  }
  const details = parts[0].details.map((_, i) => concatData(parts.map((part) => part.details[i])) as Data<Struct>);
  return { batch: concatBatches(parts.map(({ batch }) => batch)) as RecordBatch, flags, details };
}
