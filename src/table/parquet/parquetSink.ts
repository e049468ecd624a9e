import { DataType, type RecordBatch, type Schema } from 'apache-arrow';
import type { Table, RecordBatch as WasmBatch } from 'parquet-wasm';
import { PrecisError } from '../../errors.js';
import { typesWithin } from '../arrow/arrowSchema.js';
import { batchOf, batchToIpc, concatBatches, sliceBatch } from '../columns.js';
import { batchBytes } from '../data/batchBytes.js';
import { castData, recastSchema, withParquetUnits } from '../data/castData.js';
import { nullData } from '../data/nullData.js';
import { fileOutput, type Output } from '../output/output.js';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import { Handoff } from './handoff.js';
import { columnsWithoutDictionary } from './parquetDictionary.js';
import { ParquetEngine } from './parquetEngine.js';

const GROUP_ROWS = 131_072;
const GROUP_BYTES = 64 * 1024 * 1024;
/** What goes into WebAssembly memory at once. Small batches are gathered: each costs a schema. */
const PIECE_BYTES = 8 * 1024 * 1024;
const PIECE_ROWS = 32_768;
/** Spark takes a table's columns from here, and would not see one that was added. */
const SPARK_COLUMNS = 'org.apache.spark.sql.parquet.row.metadata';

/** Writes row group by row group, compressed with zstd; a group is in memory, the file is not. */
export async function createParquetSink(path: string, schema: Schema, options: WriteOptions = {}): Promise<Sink> {
  checkTypes(path, schema);
  return new ParquetSink(path, recastSchema(schema, withParquetUnits), options, await fileOutput(path));
}

function checkTypes(path: string, schema: Schema): void {
  for (const { name, type } of schema.fields) {
    for (const part of typesWithin(type)) {
      if (!DataType.isUnion(part) && !DataType.isInterval(part)) continue;
      throw new PrecisError('parquet', {
        found: `column ${name} for ${path} is of type ${type}`,
        expected: 'a type that Parquet has',
        action: 'leave it out by selecting other columns, or write an Arrow file',
      });
    }
  }
}

class ParquetSink implements Sink {
  private rows = 0;
  private waiting: RecordBatch[] = [];
  private waitingRows = 0;
  private waitingBytes = 0;
  private readonly engine = ParquetEngine.get();
  private readonly handoff = new Handoff<WasmBatch>();
  /** Begins with the first piece, whose look decides how columns are written. */
  private written: Promise<void> | undefined;

  constructor(
    private readonly path: string,
    private readonly schema: Schema,
    private readonly options: WriteOptions,
    private readonly output: Output,
  ) {}

  async write(batch: RecordBatch): Promise<void> {
    this.options.signal?.throwIfAborted();
    const bytesPerRow = batchBytes(batch) / Math.max(1, batch.numRows);
    const step = Math.max(1, Math.min(PIECE_ROWS, Math.floor(PIECE_BYTES / Math.max(1, bytesPerRow))));
    for (let row = 0; row < batch.numRows; row += step) {
      const piece = sliceBatch(batch, row, row + step);
      this.waiting.push(piece);
      this.waitingRows += piece.numRows;
      this.waitingBytes += piece.numRows * bytesPerRow;
      if (this.waitingRows >= PIECE_ROWS || this.waitingBytes >= PIECE_BYTES) await this.flush();
    }
    this.rows += batch.numRows;
    this.options.onRows?.(this.rows);
  }

  async publish(): Promise<WriteResult> {
    // The writer learns the columns from its first batch: a table without rows still hands one over.
    if (this.waiting.length > 0 || this.rows === 0) await this.flush();
    await this.handoff.end();
    await this.written;
    await this.output.finish();
    return { target: this.path, rows: this.rows };
  }

  async abort(): Promise<void> {
    this.handoff.fail(new Error('stopped'));
    await this.written?.catch(() => {});
    await this.output.discard();
  }

  private async flush(): Promise<void> {
    const batch = this.waiting.length > 0 ? concatBatches(this.waiting) : this.noRows();
    this.waiting = [];
    this.waitingRows = 0;
    this.waitingBytes = 0;
    const children = batch.data.children.map((child, i) => castData(child, this.schema.fields[i].type));
    const piece = batchOf(this.schema, children, batch.numRows);
    this.begin(piece);
    const table = this.intoWasm(batchToIpc(piece));
    const pieces = table.recordBatches();
    table.free();
    for (const each of pieces) await this.handoff.give(each);
  }

  private begin(first: RecordBatch): void {
    if (this.written) return;
    this.written = this.pump(columnsWithoutDictionary(first));
    // Whoever writes next hears of it; until then it is not unhandled.
    this.written.catch((error) => this.handoff.fail(error));
  }

  private noRows(): RecordBatch {
    const children = this.schema.fields.map(({ type }) => nullData(type, 0));
    return batchOf(this.schema, children, 0);
  }

  private intoWasm(stream: Uint8Array): Table {
    try {
      return this.engine.call(() => this.engine.api.Table.fromIPCStream(stream));
    } catch (error) {
      throw this.problem(error);
    }
  }

  private async pump(withoutDictionary: readonly string[]): Promise<void> {
    const { api } = this.engine;
    let builder = new api.WriterPropertiesBuilder()
      .setCompression(api.Compression.ZSTD)
      .setMaxRowGroupSize(GROUP_ROWS)
      .setMaxRowGroupBytes(GROUP_BYTES)
      .setKeyValueMetadata(this.metadata());
    for (const name of withoutDictionary) builder = builder.setColumnDictionaryEnabled(name, false);
    const properties = builder.build();
    try {
      const bytes = await this.engine.guard(api.transformParquetStream(this.handoff.stream, properties));
      const reader = bytes.getReader();
      for (;;) {
        const { done, value } = await this.engine.guard(reader.read());
        if (done) return;
        await this.output.write(value);
      }
    } catch (error) {
      throw this.handoff.failure ?? this.problem(error);
    }
  }

  /** The table's metadata, also where readers that do not know Arrow look for it. */
  private metadata(): Map<string, string> {
    const entries = [...this.schema.metadata].filter(([key]) => key !== 'ARROW:schema' && !this.isOutdated(key));
    return new Map(entries);
  }

  private isOutdated(key: string): boolean {
    if (key !== SPARK_COLUMNS) return false;
    const names = this.schema.fields.map(({ name }) => JSON.stringify(String(name)));
    return !names.every((name) => this.schema.metadata.get(key)!.includes(`"name":${name}`));
  }

  private problem(error: unknown): unknown {
    if (error instanceof Error && 'code' in error) return error;
    if (error instanceof PrecisError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    return new PrecisError('parquet', {
      found: `rows that cannot be written: ${reason.slice(0, 300)}`,
      expected: 'columns that Parquet can hold',
      cause: error,
    });
  }
}
