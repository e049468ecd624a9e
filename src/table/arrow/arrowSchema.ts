import { type DataType, RecordBatchReader, RecordBatchStreamWriter, type Schema } from 'apache-arrow';
import { type ErrorScope, PrecisError } from '../../errors.js';
import { messageFacts, UnknownTypeError } from './arrowMessage.js';

/** The schema of an Arrow stream's first bytes; types that cannot be represented are refused by column. */
export function readSchemaMessage(stream: Uint8Array, label: string, scope: ErrorScope): Schema {
  try {
    messageFacts(stream.subarray(8));
  } catch (error) {
    throw refusedType(error, label, scope);
  }
  return RecordBatchReader.from(stream).open().schema;
}

/** The beginning of a stream of that schema. */
export function schemaMessage(schema: Schema): Uint8Array {
  return new RecordBatchStreamWriter().reset(undefined, schema).toUint8Array(true);
}

export function refusedType(error: unknown, label: string, scope: ErrorScope): unknown {
  if (!(error instanceof UnknownTypeError)) return error;
  return new PrecisError(scope, {
    found: `column ${error.column} of ${label} is of type ${error.type}`,
    expected: 'a type that can be read here',
    action: 'cast it where the table is made, to a list or to its plain values',
  });
}

/** Columns are told apart by their names alone. */
export function checkSchema(schema: Schema, label: string, scope: ErrorScope): void {
  const seen = new Set<string>();
  for (const field of schema.fields) {
    const name = String(field.name);
    if (seen.has(name)) {
      throw new PrecisError(scope, {
        found: `${label} has two columns named ${JSON.stringify(name)}`,
        expected: 'a different name for each',
        action: 'rename one where the table is made',
      });
    }
    seen.add(name);
  }
}

/** Every type within a type, itself first. */
export function* typesWithin(type: DataType): Generator<DataType> {
  yield type;
  for (const child of (type.children ?? []) as { readonly type: DataType }[]) yield* typesWithin(child.type);
}
