import { chmod, constants, copyFile, type FileHandle, open, rm } from 'node:fs/promises';
import type { RecordBatch, Schema } from 'apache-arrow';
import { type ErrorScope, PrecisError } from '../../errors.js';
import type { Sink, WriteOptions, WriteResult } from '../types.js';
import type { ByteWriter } from './byteWriter.js';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const FLUSH_BYTES = 1024 * 1024;

/** Writes a file of text row by row, and to the disk megabyte by megabyte. */
export class TextSink implements Sink {
  private rows = 0;

  private constructor(
    private readonly path: string,
    private readonly options: WriteOptions,
    private readonly file: FileHandle,
    private readonly out: ByteWriter,
    private readonly writeRow: (batch: RecordBatch, row: number) => void,
  ) {}

  static async open(
    path: string,
    options: WriteOptions,
    out: ByteWriter,
    writeRow: (batch: RecordBatch, row: number) => void,
    old?: string,
  ): Promise<TextSink> {
    if (old === undefined) return new TextSink(path, options, await open(path, 'w'), out, writeRow);
    await copyFile(old, path, constants.COPYFILE_FICLONE);
    // The old file may be read-only, which its copy takes over.
    await chmod(path, 0o600);
    const file = await open(path, 'a+');
    if (!(await endsLine(file))) out.byte(LINE_FEED);
    return new TextSink(path, options, file, out, writeRow);
  }

  async write(batch: RecordBatch): Promise<void> {
    for (let row = 0; row < batch.numRows; row++) {
      this.options.signal?.throwIfAborted();
      this.writeRow(batch, row);
      if (this.out.length >= FLUSH_BYTES) await this.flush();
    }
    this.rows += batch.numRows;
    this.options.onRows?.(this.rows);
  }

  async publish(): Promise<WriteResult> {
    await this.flush();
    await this.file.sync();
    await this.file.close();
    return { target: this.path, rows: this.rows };
  }

  async abort(): Promise<void> {
    await this.file.close();
    await rm(this.path, { force: true });
  }

  private async flush(): Promise<void> {
    const bytes = this.out.take();
    for (let at = 0; at < bytes.length; ) at += (await this.file.write(bytes, at)).bytesWritten;
  }
}

async function endsLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === LINE_FEED || buffer[0] === CARRIAGE_RETURN;
}

/** A format that cannot hold some columns says which, before anything is written. */
export function refuseColumns(scope: ErrorScope, name: string, schema: Schema, fits: readonly boolean[]): void {
  const refused = schema.fields.filter((_, i) => !fits[i]);
  if (refused.length === 0) return;
  throw new PrecisError(scope, {
    found: `column ${refused[0].name} is ${refused[0].type}`,
    expected: `a type that ${name} can hold`,
    action: 'leave it out by selecting other columns, or write Parquet or Arrow',
    details: refused.length > 1 ? refused.map((field) => `${field.name}: ${field.type}`) : [],
  });
}
