import { DataType, Field, RecordBatchReader, Schema, Timestamp } from 'apache-arrow';

/**
 * Parquet has no seconds: a writer stores such timestamps in milliseconds of UTC, and parquet-wasm then forgets the time zone that the
 * writer's own schema (`ARROW:schema`) still names. Instants are the same either way; here the zone's name comes back.
 */
export function withOriginalZones(schema: Schema, original: unknown): Schema {
  if (typeof original !== 'string') return schema;
  const hint = decode(original);
  if (!hint) return schema;
  const fields = schema.fields.map((field) => {
    const zone = zoneOf(hint.fields.find(({ name }) => name === field.name)?.type);
    const { type } = field;
    if (!DataType.isTimestamp(type) || zone === null || zoneOf(type) === null || zoneOf(type) === zone) return field;
    return new Field(field.name, new Timestamp(type.unit, zone), field.nullable, field.metadata);
  });
  return new Schema(fields, schema.metadata);
}

function zoneOf(type: DataType | undefined): string | null {
  return DataType.isTimestamp(type) ? (type.timezone ?? null) : null;
}

/** A schema with types that the library does not know is no help and no harm here: the columns' own types are checked elsewhere. */
function decode(original: string): Schema | null {
  try {
    return RecordBatchReader.from(Buffer.from(original, 'base64')).open().schema;
  } catch {
    return null;
  }
}
