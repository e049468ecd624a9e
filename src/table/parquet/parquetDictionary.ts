import { DataType, type RecordBatch } from 'apache-arrow';

/** Values that are looked at, and the share of different ones from which a dictionary only costs. */
const SAMPLE = 1024;
const FEWEST = 128;
const MOSTLY = 0.75;
/** Of a text, its length and beginning tell it from most others. */
const BEGINNING = 64;

/**
 * Columns that are better written without a dictionary, by the look of the first rows: keys and documents hardly repeat, and the writer
 * would collect a megabyte of them in each row group before it gives up.
 */
export function columnsWithoutDictionary(batch: RecordBatch): string[] {
  return batch.schema.fields.filter((_, i) => mostlyDistinct(batch, i)).map(({ name }) => String(name));
}

function mostlyDistinct(batch: RecordBatch, column: number): boolean {
  const keyOf = keys(batch, column);
  if (!keyOf) return false;
  const seen = new Set<string | number | bigint>();
  const rows = Math.min(SAMPLE, batch.numRows);
  const data = batch.data.children[column];
  let values = 0;
  for (let row = 0; row < rows; row++) {
    if (!data.getValid(row)) continue;
    seen.add(keyOf(row));
    values++;
  }
  return values >= FEWEST && seen.size > MOSTLY * values;
}

/** Of the types whose columns are large; the others are left to the writer. */
function keys(batch: RecordBatch, column: number): ((row: number) => string | number | bigint) | null {
  const data = batch.data.children[column];
  if (DataType.isUtf8(data.type) || DataType.isBinary(data.type)) {
    const bytes = Buffer.from(data.values.buffer, data.values.byteOffset, data.values.byteLength);
    return (row) => {
      const [begin, end] = [data.valueOffsets[row], data.valueOffsets[row + 1]];
      return `${end - begin} ${bytes.toString('latin1', begin, Math.min(end, begin + BEGINNING))}`;
    };
  }
  const isNumber = DataType.isInt(data.type) || DataType.isFloat(data.type) || DataType.isTimestamp(data.type);
  return isNumber ? (row) => data.values[row] : null;
}
