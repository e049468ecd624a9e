import {
  Data,
  DataType,
  type Dictionary,
  type RecordBatch,
  RecordBatchStreamWriter,
  type Schema,
  Vector,
} from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { batchOf } from '../columns.js';
import { concatData, type Indices, renameIndices } from '../data/concatData.js';
import { GrowingDictionary } from '../data/dictionaries.js';
import { MAGIC } from './arrowFile.js';

/** The library's writer, whose bytes are taken away after each batch instead of gathered in a queue. */
export class ArrowWriter extends RecordBatchStreamWriter {
  private parts: Uint8Array[] = [];
  private readonly growing = new Map<number, GrowingDictionary>();

  /** A file begins with a magic word and needs dictionaries that only grow; a stream may replace them. */
  constructor(
    private readonly target: Schema,
    private readonly kind: 'file' | 'stream',
  ) {
    super();
    if (kind === 'file') {
      this.parts.push(Buffer.from(`${MAGIC}\0\0`));
      this._position = 8;
    }
    this._started = true;
    this._schema = target;
    this._writeSchema(target);
  }

  add(batch: RecordBatch): void {
    const children = batch.data.children.map((child) =>
      concatData([this.kind === 'file' ? this.unified(child) : child]),
    );
    this._writeRecordBatch(batchOf(this.target, children, batch.numRows));
  }

  /** What was written since the last call. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    return bytes;
  }

  end(): Uint8Array {
    this._writeFooter(this.target);
    if (this.kind === 'stream') return this.take();
    const { metadataVersion } = this.target;
    const footer = Footer.encode(
      new Footer(this.target, metadataVersion, this._recordBatchBlocks, this._dictionaryBlocks),
    );
    const length = Buffer.alloc(4);
    length.writeInt32LE(footer.byteLength);
    this.parts.push(footer, length, Buffer.from(MAGIC));
    return this.take();
  }

  protected override _write(chunk: unknown): this {
    const { buffer, byteOffset, byteLength } = chunk as Uint8Array;
    this.parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    this._position += byteLength;
    return this;
  }

  private unified(data: Data): Data {
    if (DataType.isDictionary(data.type)) return this.intoGrowing(data, data.type);
    if (data.children.length === 0) return data;
    const children = data.children.map((child) => this.unified(child));
    if (children.every((child, i) => child === data.children[i])) return data;
    return data.clone(data.type, data.offset, data.length, data.nullCount, undefined, children);
  }

  private intoGrowing(data: Data, type: Dictionary): Data {
    const growing = this.growing.get(type.id) ?? new GrowingDictionary(concatData);
    this.growing.set(type.id, growing);
    const map = growing.add(data.dictionary!);
    const values = renameIndices(type, data.values.subarray(0, data.length) as Indices, map);
    const buffers = { 1: values, 2: data.nullBitmap } as unknown as ConstructorParameters<typeof Data>[4];
    return new Data(type, data.offset, data.length, data.nullCount, buffers, [], new Vector([...growing.chunks]));
  }
}
