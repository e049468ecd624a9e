import { FlatTable } from './flatbuffer.js';

/** What is known of an Arrow message before the library sees it. */
export interface MessageFacts {
  readonly kind: 'schema' | 'dictionary' | 'batch';
  readonly bodyLength: number;
  readonly rows: number;
  readonly compression: 'lz4' | 'zstd' | null;
}

/** Types of the format that the library cannot represent, by their codes. */
const UNKNOWN_TYPES: Readonly<Record<number, string>> = {
  22: 'run_end_encoded',
  25: 'list_view',
  26: 'large_list_view',
};
const LAST_KNOWN_TYPE = 24;
const DEEPEST = 64;

const KINDS = [null, 'schema', 'dictionary', 'batch'] as const;

/** A column whose type cannot be represented, as found in a schema. */
export class UnknownTypeError extends Error {
  constructor(
    readonly column: string,
    readonly type: string,
  ) {
    super(`column ${column} is of type ${type}`);
  }
}

/** Checks that a message's metadata hangs together, and that its buffers lie in its body. Throws an Error that says what does not. */
export function messageFacts(metadata: Uint8Array): MessageFacts {
  const message = FlatTable.root(metadata);
  const kind = KINDS[message.byte(1)] ?? null;
  const header = message.table(2);
  if (!kind || !header) throw new Error(`a message of unknown kind ${message.byte(1)}`);
  const bodyLength = message.long(3);
  if (bodyLength < 0 || bodyLength > Number.MAX_SAFE_INTEGER) throw new Error(`a message body of ${bodyLength} bytes`);
  checkTexts(message, 4);
  if (kind === 'schema') {
    checkSchemaTable(header);
    return { kind, bodyLength, rows: 0, compression: null };
  }
  const batch = kind === 'batch' ? header : header.table(1);
  if (!batch) throw new Error('a dictionary without values');
  return { kind, bodyLength, ...batchFacts(batch, bodyLength) };
}

export function checkSchemaTable(schema: FlatTable): void {
  if (schema.byte(0) !== 0) throw new Error('big-endian data');
  for (const field of schema.tables(1)) checkField(field, '', 0);
  checkTexts(schema, 2);
}

function checkField(field: FlatTable, parent: string, depth: number): void {
  if (depth > DEEPEST) throw new Error(`columns nested more than ${DEEPEST} deep`);
  const name = parent ? `${parent}.${field.text(0)}` : field.text(0);
  const code = field.byte(2);
  if (code === 0 || code > LAST_KNOWN_TYPE || code in UNKNOWN_TYPES) {
    throw new UnknownTypeError(name, UNKNOWN_TYPES[code] ?? `number ${code}`);
  }
  for (const child of field.tables(5)) checkField(child, name, depth + 1);
  checkTexts(field, 6);
}

function checkTexts(table: FlatTable, field: number): void {
  for (const pair of table.tables(field)) {
    pair.text(0);
    pair.text(1);
  }
}

function batchFacts(batch: FlatTable, bodyLength: number): Pick<MessageFacts, 'rows' | 'compression'> {
  const rows = batch.long(0);
  for (const [length, nulls] of batch.structs(1, 2)) {
    if (length < 0 || nulls < 0 || nulls > length)
      throw new Error(`a column of ${length} values, ${nulls} of them null`);
  }
  for (const [offset, length] of batch.structs(2, 2)) {
    if (offset < 0 || length < 0 || offset + length > bodyLength) {
      throw new Error(`a buffer of ${length} bytes at ${offset} in a body of ${bodyLength}`);
    }
  }
  const compression = batch.table(3);
  return { rows, compression: compression ? (['lz4', 'zstd'] as const)[compression.byte(0)] : null };
}
