import type { Writable } from 'node:stream';
import type { RecordBatch, Schema } from 'apache-arrow';
import { fileOutput, type Output, pipeOutput } from '../output/output.js';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import { ArrowWriter } from './arrowWriter.js';

export async function createArrowFileSink(path: string, schema: Schema, options: WriteOptions = {}): Promise<Sink> {
  return new ArrowSink(path, await fileOutput(path), new ArrowWriter(schema, 'file'), options);
}

export async function createArrowStreamSink(path: string, schema: Schema, options: WriteOptions = {}): Promise<Sink> {
  return new ArrowSink(path, await fileOutput(path), new ArrowWriter(schema, 'stream'), options);
}

/** Each batch goes out as it comes, the schema before the first. */
export async function createArrowPipeSink(
  stream: Writable,
  label: string,
  schema: Schema,
  options: WriteOptions = {},
): Promise<Sink> {
  const sink = new ArrowSink(label, pipeOutput(stream, options.signal), new ArrowWriter(schema, 'stream'), options);
  await sink.flush();
  return sink;
}

class ArrowSink implements Sink {
  private rows = 0;

  constructor(
    private readonly label: string,
    private readonly output: Output,
    private readonly writer: ArrowWriter,
    private readonly options: WriteOptions,
  ) {}

  async write(batch: RecordBatch): Promise<void> {
    this.options.signal?.throwIfAborted();
    this.writer.add(batch);
    await this.flush();
    this.rows += batch.numRows;
    this.options.onRows?.(this.rows);
  }

  async flush(): Promise<void> {
    await this.output.write(this.writer.take());
  }

  async publish(): Promise<WriteResult> {
    await this.output.write(this.writer.end());
    await this.output.finish();
    return { target: this.label, rows: this.rows };
  }

  abort(): Promise<void> {
    return this.output.discard();
  }
}
