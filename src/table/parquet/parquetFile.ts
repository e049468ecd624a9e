import { type FileHandle, open } from 'node:fs/promises';
import type { Schema } from 'apache-arrow';
import type { ParquetFile } from 'parquet-wasm';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import { isPanic, ParquetEngine } from './parquetEngine.js';
import { withKeyValue } from './parquetFooter.js';
import { schemaEntry } from './parquetInstants.js';
import { pageIndex } from './parquetPageIndex.js';

/** The part of a browser's Blob that parquet-wasm reads by, over a file that is never held as a whole. */
class FileBlob {
  /** parquet-wasm turns an error into a text; the true one is kept here. */
  failure: unknown = null;
  reads = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly fileSize: number,
    /** Stands in place of what the file has from there on. */
    private readonly tail: Uint8Array = new Uint8Array(0),
    private readonly tailAt = fileSize,
  ) {}

  get size(): number {
    return this.tailAt + this.tail.length;
  }

  slice(start: number, end: number): { readonly size: number; arrayBuffer(): Promise<ArrayBuffer> } {
    return { size: end - start, arrayBuffer: () => this.read(start, end - start) };
  }

  /** The same file, whose columns are read as the schema says, and with an index of its pages if it has none. */
  async told(schema: Schema | null, needsIndex: boolean): Promise<FileBlob> {
    const old = await this.footer();
    const at = this.fileSize - 8 - old.length;
    const named = schema ? withKeyValue(old, 'ARROW:schema', schemaEntry(schema)) : old;
    const read = async (position: number, length: number) => new Uint8Array(await this.read(position, length));
    const indexed = needsIndex ? await pageIndex(named, at, read) : null;
    const { index, footer } = indexed ?? { index: new Uint8Array(0), footer: named };
    const end = Buffer.from('0000PAR1');
    end.writeUInt32LE(footer.length);
    return new FileBlob(this.file, this.fileSize, Buffer.concat([index, footer, end]), at);
  }

  /** Of the file as it is. */
  async footer(): Promise<Uint8Array> {
    const length = new DataView(await this.read(this.fileSize - 8, 4)).getUint32(0, true);
    return new Uint8Array(await this.read(this.fileSize - 8 - length, length));
  }

  private async read(position: number, length: number): Promise<ArrayBuffer> {
    this.reads++;
    const bytes = new Uint8Array(length);
    const fromFile = Math.min(length, Math.max(0, this.tailAt - position));
    bytes.set(this.tail.subarray(position + fromFile - this.tailAt).subarray(0, length - fromFile), fromFile);
    try {
      for (let done = 0; done < fromFile; ) {
        const { bytesRead } = await this.file.read(bytes, done, fromFile - done, position + done);
        if (bytesRead === 0) throw new Error('the file became shorter while it was read');
        done += bytesRead;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
    return bytes.buffer;
  }
}

/** An open Parquet file; `close` frees the file and the WebAssembly memory behind it. */
export class OpenParquet {
  private constructor(
    readonly path: string,
    readonly engine: ParquetEngine,
    readonly parquet: ParquetFile,
    private readonly blob: FileBlob,
    private readonly file: FileHandle,
    /** Tells whether another pass reads the same file. */
    readonly stamp: string,
    /** Whether the file says where its pages lie: then a part of a row group can be read without the rest. */
    readonly hasPageIndex: boolean,
  ) {}

  /**
   * With a schema, the columns are read as it says, as if the file's writer had put it there. An index of its pages is made for a
   * file without one if it is needed and can be.
   */
  static async open(path: string, schema: Schema | null = null, needsIndex = false): Promise<OpenParquet> {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      throw readProblem(error, path, 'parquet');
    }
    try {
      const { size, mtimeMs } = await file.stat();
      await checkMagic(path, file, size);
      const plain = new FileBlob(file, size);
      const blob = schema || needsIndex ? await told(path, plain, schema, needsIndex) : plain;
      const engine = ParquetEngine.get();
      const parquet = await engine.guard(engine.api.ParquetFile.fromFile(blob as unknown as Blob)).catch((error) => {
        throw damaged(path, 'the footer', blob.failure ?? error);
      });
      // The footer's length and the footer are two reads; a third is the page index, of which the library does not tell.
      return new OpenParquet(path, engine, parquet, blob, file, `${size} ${mtimeMs}`, blob.reads > 2);
    } catch (error) {
      await file.close();
      throw readProblem(error, path, 'parquet');
    }
  }

  footer(): Promise<Uint8Array> {
    return this.blob.footer();
  }

  /** What to throw for an error of reading; `part` says where it was met. */
  problem(error: unknown, part: string): PrecisError {
    return damaged(this.path, part, this.blob.failure ?? error);
  }

  async close(): Promise<void> {
    if (!this.engine.isBroken) this.parquet.free();
    await this.file.close();
  }
}

async function told(path: string, blob: FileBlob, schema: Schema | null, needsIndex: boolean): Promise<FileBlob> {
  try {
    return await blob.told(schema, needsIndex);
  } catch (error) {
    throw damaged(path, 'the footer', error);
  }
}

async function checkMagic(path: string, file: FileHandle, size: number): Promise<void> {
  const expected = 'a Parquet file, which begins and ends with PAR1';
  if (size < 12) throw new PrecisError('parquet', { found: `${path} has ${size} bytes`, expected });
  const ends = Buffer.alloc(8);
  await file.read(ends, 0, 4, 0);
  await file.read(ends, 4, 4, size - 4);
  const [first, last] = [ends.toString('latin1', 0, 4), ends.toString('latin1', 4)];
  if (last === 'PARE') {
    throw new PrecisError('parquet', { found: `${path} is encrypted`, expected: 'a Parquet file without encryption' });
  }
  if (first !== 'PAR1') {
    throw new PrecisError('parquet', { found: `${path} begins with ${JSON.stringify(first)}`, expected });
  }
  if (last === 'PAR1') return;
  throw new PrecisError('parquet', {
    found: `${path} ends with ${JSON.stringify(last)}`,
    expected,
    action: 'it was cut off: copy or write it again',
  });
}

function damaged(path: string, part: string, error: unknown): PrecisError {
  const reason = isPanic(error) ? 'damaged data' : error instanceof Error ? error.message : String(error);
  return new PrecisError('parquet', {
    found: `${part} of ${path} cannot be read: ${reason.replace(/\s+/g, ' ').slice(0, 300)}`,
    expected: 'an undamaged Parquet file of version 1 or 2',
    action: 'copy or write the file again',
    cause: error,
  });
}
