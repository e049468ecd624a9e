import { realpathSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';
import { selectColumns, selectFields } from '../columns.js';
import { RowRange } from '../rowRange.js';
import type { ReadRequest, Source } from '../types.js';
import { ArrowDecoder } from './arrowDecoder.js';
import { type ArrowFooter, countRows, MAGIC, readFooter } from './arrowFile.js';
import { readFrame } from './arrowFrames.js';
import { type ByteInput, fileInput, streamInput } from './arrowInput.js';
import { checkSchema, refusedType, schemaMessage } from './arrowSchema.js';

/** Beyond it, opening would read too much only to know the number of rows. */
const MOST_BATCHES_COUNTED = 10_000;

/** An Arrow IPC file or stream in a file: its first bytes tell which. Read batch by batch. */
export async function openArrow(path: string): Promise<Source> {
  return reading(path, async (file, size) => {
    const begin = Buffer.alloc(MAGIC.length);
    const { bytesRead } = await file.read(begin, 0, begin.length, 0);
    if (bytesRead === 0) throw new Error('nothing');
    return begin.toString('latin1') === MAGIC ? openFile(path, file, size) : openStreamFile(path, file, size);
  });
}

async function openFile(path: string, file: FileHandle, size: number): Promise<Source> {
  const footer = await readFooter(file, size);
  const { schema } = new ArrowDecoder(schemaMessage(footer.schema));
  checkSchema(schema, path, 'arrow');
  const rows = footer.batches.length > MOST_BATCHES_COUNTED ? undefined : await countRows(file, footer.batches);
  return {
    label: path,
    schema,
    rows,
    files: [realpathSync(path)],
    batches: (request = {}) => shaped((pass) => fileBatches(path, footer, pass), schema, path, request),
  };
}

async function* fileBatches(path: string, footer: ArrowFooter, { range, signal }: Pass): AsyncGenerator<RecordBatch> {
  const file = await opened(path);
  try {
    const decoder = new ArrowDecoder(schemaMessage(footer.schema));
    for (const [number, block] of [...footer.dictionaries, ...footer.batches].entries()) {
      signal?.throwIfAborted();
      const batch = await decoded(path, batchName(number - footer.dictionaries.length), async () => {
        const mayBeSkipped = range.isBefore && number >= footer.dictionaries.length;
        if (mayBeSkipped && range.skips(await countRows(file, [block]))) return null;
        const frame = await readFrame(fileInput(file, block.start, block.end));
        if (!frame) throw new Error('nothing where the footer names a batch');
        return decoder.decode(frame);
      });
      if (batch) yield batch;
    }
  } finally {
    await file.close();
  }
}

async function openStreamFile(path: string, file: FileHandle, size: number): Promise<Source> {
  const { schema } = await readSchemaFrame(fileInput(file, 0, size));
  checkSchema(schema, path, 'arrow');
  const batches = async function* (pass: Pass) {
    const again = await opened(path);
    try {
      yield* streamBatches(path, fileInput(again, 0, Number.POSITIVE_INFINITY), pass);
    } finally {
      await again.close();
    }
  };
  return {
    label: path,
    schema,
    files: [realpathSync(path)],
    batches: (request = {}) => shaped(batches, schema, path, request),
  };
}

/** A stream that can be read once, from a pipe. Its batches come as they arrive. */
export async function openArrowPipe(chunks: AsyncIterable<Uint8Array>, label: string): Promise<Source> {
  const input = streamInput(chunks);
  const decoder = await decoded(label, 'the schema', () => readSchemaFrame(input));
  checkSchema(decoder.schema, label, 'arrow');
  let used = false;
  async function* pipeBatches(pass: Pass): AsyncGenerator<RecordBatch> {
    try {
      yield* streamBatches(label, input, pass, decoder);
    } finally {
      await input.close();
    }
  }
  return {
    label,
    schema: decoder.schema,
    files: [],
    batches: (request = {}) => {
      if (used) {
        throw new PrecisError('arrow', {
          found: `a second pass over ${label}`,
          expected: 'one pass: what was read from a pipe is gone',
          action: 'write it to a file first',
        });
      }
      used = true;
      return shaped(pipeBatches, decoder.schema, label, request);
    },
  };
}

async function* streamBatches(
  label: string,
  input: ByteInput,
  { range, signal }: Pass,
  known?: ArrowDecoder,
): AsyncGenerator<RecordBatch> {
  const decoder = known ?? (await decoded(label, 'the schema', () => readSchemaFrame(input)));
  for (let number = 0; ; ) {
    signal?.throwIfAborted();
    let ended = false;
    let isBatch = false;
    const batch = await decoded(label, batchName(number), async () => {
      const frame = await readFrame(input);
      ended = frame === null;
      if (frame?.kind === 'schema') throw new Error('a second schema');
      isBatch = frame?.kind === 'batch';
      // Dictionaries that wait for their batch are not to heap up.
      if (frame && isBatch && !decoder.isWaiting && range.skips(frame.rows)) return null;
      return frame && decoder.decode(frame);
    });
    if (ended) return;
    if (isBatch) number++;
    if (batch) yield batch;
  }
}

async function readSchemaFrame(input: ByteInput): Promise<ArrowDecoder> {
  const frame = await readFrame(input);
  if (!frame) throw new Error('nothing');
  if (frame.kind !== 'schema') throw new Error(`a ${frame.kind} before the schema`);
  return new ArrowDecoder(frame.bytes);
}

/** What those who read batches need of a request, to pass over them. */
interface Pass {
  readonly range: RowRange;
  readonly signal?: AbortSignal;
}

/** The columns and rows that were asked for. */
async function* shaped(
  batches: (pass: Pass) => AsyncIterable<RecordBatch>,
  schema: Schema,
  label: string,
  { columns, signal, ...rows }: ReadRequest,
): AsyncGenerator<RecordBatch> {
  if (columns) selectFields(schema, columns, label);
  const range = new RowRange(rows);
  if (range.isOver) return;
  for await (const batch of batches({ range, signal })) {
    if (range.skips(batch.numRows)) continue;
    yield range.cut(columns ? selectColumns(batch, columns) : batch);
    if (range.isOver) return;
  }
}

function batchName(number: number): string {
  return number < 0 ? 'a dictionary' : `record batch ${number + 1}`;
}

async function reading<T>(path: string, read: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await opened(path);
  try {
    const { size } = await file.stat();
    return await decoded(path, null, () => read(file, size));
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (error) {
    throw readProblem(error, path, 'arrow');
  }
}

/** Whatever goes wrong while bytes are made sense of is the file's damage, in words. */
async function decoded<T>(label: string, part: string | null, decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (error) {
    const known = readProblem(refusedType(error, label, 'arrow'), label, 'arrow');
    if (known instanceof PrecisError) throw known;
    const isOurs = error instanceof Error && error.constructor === Error;
    const found = isOurs ? error.message : `damage (${error instanceof Error ? error.message : String(error)})`;
    throw new PrecisError('arrow', {
      found: `${label}${part ? `, ${part}` : ''}: found ${found.slice(0, 300)}`,
      expected: 'an Arrow file or stream that is whole',
      action: advice(found),
      cause: error,
    });
  }
}

function advice(found: string): string {
  if (found.includes('zstd')) return 'write it with compression lz4 or none, or as Parquet';
  if (found.includes('big-endian')) return 'write it little-endian';
  return 'copy or write it again';
}
