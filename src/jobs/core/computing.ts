import { type Data, Field, type RecordBatch, Schema, type Struct } from 'apache-arrow';
import type { DetailedFunction } from '../../predict/detailed/types.js';
import { batchOf, sliceBatch } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import { dropRows } from '../../table/takeRows.js';
import type { KnownRows } from '../known.js';
import type { FilterSpec } from '../types.js';
import { markFiltered } from './filter.js';
import { COMPUTED } from './flags.js';
import { scatter } from './scatter.js';

/** Rows with what became of them, for each column of the job. */
export interface Piece {
  /** The columns that were read. */
  readonly batch: RecordBatch;
  /** See flags.ts. */
  readonly flags: Uint8Array;
  readonly details: readonly Data<Struct>[];
}

export interface Computing {
  readonly functions: readonly DetailedFunction[];
  /** The columns whose texts the filter looks at. */
  readonly texts: readonly string[];
  readonly filter: FilterSpec;
  /** Answers from before, by the flag that their rows get; the first that knows a row is believed. */
  readonly known: readonly { readonly flag: number; readonly rows: KnownRows }[];
  /** Rows come out in pieces of at most so many: a piece waits until all of its rows are answered. */
  readonly pieceRows: number;
  readonly signal: AbortSignal;
}

/** Rows that are held because rows before them are not answered yet, while none of those held is complete. */
const MOST_HELD = 1 << 18;

interface Held {
  readonly batch: RecordBatch;
  readonly flags: Uint8Array;
  readonly known: readonly (readonly Data<Struct>[])[];
  /** Rows that are computed. */
  readonly wanted: number;
}

/** One pass of all functions over the batches. Rows that need no answer go around the functions and come out in their place. */
export async function* computed(batches: AsyncIterable<RecordBatch>, how: Computing): AsyncGenerator<Piece> {
  yield* new Pass(batches, how).pieces();
}

class Pass {
  private readonly held: Held[] = [];
  private heldRows = 0;
  private ring: () => void = () => {};
  /** Answers that no piece has taken yet, for each function. */
  private readonly answers: Data<Struct>[][];
  private answered = 0;
  private ended = false;

  constructor(
    private readonly batches: AsyncIterable<RecordBatch>,
    private readonly how: Computing,
  ) {
    this.answers = how.functions.map(() => []);
  }

  async *pieces(): AsyncGenerator<Piece> {
    const answers = this.chain()[Symbol.asyncIterator]();
    let next: Promise<IteratorResult<readonly Data<Struct>[]>> | null = null;
    try {
      for (;;) {
        while (this.isComplete()) yield this.takeFirst();
        if (this.ended) return;
        const rung = new Promise<null>((resolve) => {
          this.ring = () => resolve(null);
        });
        next ??= answers.next();
        const result = await Promise.race([next, rung]);
        if (result === null) continue;
        next = null;
        if (result.done) this.ended = true;
        else this.add(result.value);
      }
    } finally {
      this.ring();
      next?.catch(() => {});
      await answers.return?.(undefined);
    }
  }

  private isComplete(): boolean {
    return this.held.length > 0 && this.held[0].wanted <= this.answered;
  }

  private add(details: readonly Data<Struct>[]): void {
    details.forEach((data, at) => {
      this.answers[at].push(data);
    });
    this.answered += details[0].length;
  }

  private takeFirst(): Piece {
    const { batch, flags, known, wanted } = this.held.shift()!;
    this.heldRows -= batch.numRows;
    const details = this.how.functions.map((fn, at) => {
      const own = wanted === 0 ? null : this.take(at, wanted);
      const others = Object.fromEntries(this.how.known.map(({ flag }, k) => [flag, known[k]?.[at]]));
      return scatter(fn.details, flags, own, others) as Data<Struct>;
    });
    this.answered -= wanted;
    return { batch, flags, details };
  }

  private take(at: number, count: number): Data {
    const queue = this.answers[at];
    const parts: Data[] = [];
    for (let left = count; left > 0; ) {
      const [first] = queue;
      const part = first.length <= left ? first : first.slice(0, left);
      if (first.length <= left) queue.shift();
      else queue[0] = first.slice(left, first.length - left);
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 ? parts[0] : concatData(parts);
  }

  /** What the functions made of the rows that are computed, one after the other over the same stream. */
  private async *chain(): AsyncGenerator<readonly Data<Struct>[]> {
    const { functions, signal } = this.how;
    let stream: AsyncIterable<RecordBatch> = this.wanted();
    functions.forEach((fn, at) => {
      stream = attached(fn, `\u0000details ${at}`, stream, signal);
    });
    for await (const { data } of stream) {
      yield data.children.slice(-functions.length) as Data<Struct>[];
    }
  }

  private async *wanted(): AsyncGenerator<RecordBatch> {
    for await (const batch of cut(this.batches, this.how.pieceRows)) {
      const { flags, known } = await this.look(batch);
      const keep = flags.map((flag) => (flag === COMPUTED ? 1 : 0));
      const wanted = keep.reduce((sum, one) => sum + one, 0);
      this.held.push({ batch, flags, known, wanted });
      this.heldRows += batch.numRows;
      this.ring();
      if (wanted > 0) yield wanted === batch.numRows ? batch : dropRows(batch, keep);
      else await this.room();
    }
  }

  /** Rows that go around the functions are not read without end while nobody takes them. */
  private async room(): Promise<void> {
    while (this.heldRows > MOST_HELD && this.isComplete()) await new Promise((resolve) => setImmediate(resolve));
  }

  private async look(batch: RecordBatch): Promise<Pick<Held, 'flags' | 'known'>> {
    const { texts, filter } = this.how;
    const flags = new Uint8Array(batch.numRows);
    markFiltered(batch, texts, filter, flags);
    const known: (readonly Data<Struct>[])[] = [];
    for (const { flag, rows } of this.how.known) {
      const { mask, details } = await rows.lookup(batch);
      for (let row = 0; row < flags.length; row++) if (mask[row] === 1 && flags[row] === COMPUTED) flags[row] = flag;
      known.push(details);
    }
    return { flags, known };
  }
}

async function* cut(batches: AsyncIterable<RecordBatch>, rows: number): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) {
    for (let at = 0; at < batch.numRows; at += rows) yield sliceBatch(batch, at, at + rows);
  }
}

async function* attached(
  fn: DetailedFunction,
  name: string,
  batches: AsyncIterable<RecordBatch>,
  signal: AbortSignal,
): AsyncGenerator<RecordBatch> {
  for await (const { batch, details } of fn.over(batches, { signal })) {
    const schema = new Schema([...batch.schema.fields, new Field(name, details.type, true)], batch.schema.metadata);
    yield batchOf(schema, [...batch.data.children, details], batch.numRows);
  }
}
