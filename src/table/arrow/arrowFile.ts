import type { FileHandle } from 'node:fs/promises';
import type { Schema } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import { checkSchemaTable, messageFacts } from './arrowMessage.js';
import { FlatTable } from './flatbuffer.js';

export const MAGIC = 'ARROW1';
/** After the footer: its length and the magic. */
const TAIL_BYTES = 10;

/** Where a message lies in a file. */
export interface Block {
  readonly start: number;
  readonly metadataLength: number;
  readonly end: number;
}

export interface ArrowFooter {
  readonly schema: Schema;
  readonly dictionaries: readonly Block[];
  readonly batches: readonly Block[];
}

/** The footer of an Arrow file, checked against the file's length. An Error says what was found instead. */
export async function readFooter(file: FileHandle, size: number): Promise<ArrowFooter> {
  if (size < 2 * TAIL_BYTES) throw new Error(`${size} bytes`);
  const tail = await readAt(file, size - TAIL_BYTES, TAIL_BYTES);
  if (tail.toString('latin1', 4) !== MAGIC) {
    throw new Error(`an end without ${MAGIC}, so it was cut off or never finished`);
  }
  const length = tail.readInt32LE(0);
  const end = size - TAIL_BYTES - length;
  if (length <= 0 || end < 8) throw new Error(`a footer of ${length} bytes in a file of ${size}`);
  const bytes = await readAt(file, end, length);
  const footer = FlatTable.root(bytes);
  const schema = footer.table(1);
  if (!schema) throw new Error('a footer without a schema');
  checkSchemaTable(schema);
  const blocks = (field: number) => footer.structs(field, 3).map((block) => checkedBlock(block, end));
  return { dictionaries: blocks(2), batches: blocks(3), schema: Footer.decode(bytes).schema };
}

function checkedBlock([start, lengthAndPadding, bodyLength]: readonly number[], end: number): Block {
  // A 32-bit length and 32 bits of padding, read as one number.
  const metadataLength = Number(BigInt.asUintN(32, BigInt(lengthAndPadding)));
  const block = { start, metadataLength, end: start + metadataLength + bodyLength };
  if (start < 8 || bodyLength < 0 || block.end > end)
    throw new Error(`a batch at ${start} to ${block.end}, beyond the data`);
  return block;
}

/** The rows of all batches, from their metadata alone. */
export async function countRows(file: FileHandle, blocks: readonly Block[]): Promise<number> {
  let rows = 0;
  for (const { start, metadataLength } of blocks) {
    const bytes = await readAt(file, start, metadataLength);
    rows += messageFacts(bytes.subarray(bytes.readUInt32LE(0) === 0xffffffff ? 8 : 4)).rows;
  }
  return rows;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead < length) throw new Error(`the end after ${position + bytesRead} bytes`);
  return bytes;
}
