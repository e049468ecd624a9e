import { DataType, RecordBatchStreamWriter, type Schema, TimestampMicrosecond, TimeUnit } from 'apache-arrow';
import { typesWithin } from '../arrow/arrowSchema.js';
import { type Recast, recastSchema } from '../data/castData.js';

/** The old 96-bit times arrive as nanoseconds without a zone. */
const asInstants: Recast = (type) =>
  DataType.isTimestamp(type) && type.unit === TimeUnit.NANOSECOND && !type.timezone
    ? new TimestampMicrosecond('UTC')
    : null;

/**
 * Spark writes instants as 96-bit times. Counted in nanoseconds, as they are read by default, they overflow before 1677 and after
 * 2262, without a word; 9999-12-31 is common. A schema that says microseconds has them read as such. Null if there are no such
 * columns, or others of true nanoseconds beside them, which that would break; `oldTimes` is how many are of 96 bits.
 */
export function instantSchema(schema: Schema, oldTimes: number): Schema | null {
  const found = schema.fields.flatMap(({ type }) => [...typesWithin(type)].filter((part) => asInstants(part) !== null));
  return oldTimes > 0 && found.length === oldTimes ? recastSchema(schema, asInstants) : null;
}

/** What writers that know Arrow keep in a file's metadata as `ARROW:schema`. */
export function schemaEntry(schema: Schema): string {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  return Buffer.from(writer.toUint8Array(true)).toString('base64');
}
