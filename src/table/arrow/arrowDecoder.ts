import { CompressionType, compressionRegistry, type RecordBatch, RecordBatchReader, type Schema } from 'apache-arrow';
import { batchOf } from '../columns.js';
import { castData, recastSchema, withoutViews } from '../data/castData.js';
import { checkData } from '../data/checkData.js';
import type { Frame } from './arrowFrames.js';
import { decompressLz4Frame } from './lz4.js';

const NO_BYTES = new Uint8Array(0);

/** Turns the checked messages of one stream into batches. Bodies are not copied. */
export class ArrowDecoder {
  private readonly waiting: Uint8Array[] = [];
  private readonly reader: RecordBatchReader;
  /** As the batches are given out: views are plain columns. */
  readonly schema: Schema;

  constructor(schemaMessage: Uint8Array) {
    compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decompressLz4Frame });
    this.waiting.push(schemaMessage);
    this.reader = RecordBatchReader.from(this.feed()).open();
    this.schema = recastSchema(this.reader.schema, withoutViews);
  }

  /** Whether there are dictionaries that no batch has used yet. */
  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  /** Null for a dictionary, which the batches after it use. */
  decode(frame: Frame): RecordBatch | null {
    if (frame.compression === 'zstd') throw new Error('bodies compressed with zstd');
    this.waiting.push(frame.bytes);
    if (frame.kind !== 'batch') return null;
    const { value: batch } = this.reader.next() as IteratorResult<RecordBatch, undefined>;
    if (!batch || batch.numRows !== frame.rows) throw new Error('a batch that cannot be decoded');
    batch.data.children.forEach((child) => {
      if (child.length !== batch.numRows)
        throw new Error(`a column of ${child.length} rows in a batch of ${batch.numRows}`);
      checkData(child);
    });
    const children = this.schema.fields.map((field, i) => castData(batch.data.children[i], field.type));
    return batchOf(this.schema, children, batch.numRows);
  }

  /**
   * The messages that wait here. The library asks for the next bytes also when it has just enough: it then gets none, and
   * an error when it asks again, because a message that was whole has turned out to be longer than its bytes.
   */
  private *feed(): Generator<Uint8Array> {
    for (let empty = 0; empty < 2; ) {
      const next = this.waiting.shift();
      empty = next ? 0 : empty + 1;
      if (empty < 2) yield next ?? NO_BYTES;
    }
    throw new Error('a batch that goes on after its message');
  }
}
