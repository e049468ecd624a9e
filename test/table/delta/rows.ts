import { DataType, Field, type RecordBatch, Schema, type Vector, vectorFromArray } from 'apache-arrow';
import { batchOf, concatBatches } from '../../../src/table/columns.js';
import { createDeltaSink } from '../../../src/table/delta/sink.js';
import type { WriteOptions, WriteResult } from '../../../src/table/types.js';

export type Columns = Readonly<Record<string, readonly [DataType, readonly unknown[]]>>;

/** A batch of those columns. */
export function batchWith(columns: Columns): RecordBatch {
  const vectors = Object.values(columns).map(([type, values]) => vectorOf(type, values));
  const fields = Object.entries(columns).map(([name, [type]]) => new Field(name, type, true));
  const rows = vectors[0]?.length ?? 0;
  const data = vectors.map((vector) => vector.data[0].slice(0, rows));
  return concatBatches([batchOf(new Schema(fields), data, rows)]);
}

/** Times are given as whole numbers of their unit: Apache Arrow's own way takes milliseconds and loses the rest. */
function vectorOf(type: DataType, values: readonly unknown[]): Vector {
  if (!DataType.isTimestamp(type)) return vectorFromArray([...values], type) as Vector;
  const vector = vectorFromArray(
    values.map((value) => (value === null ? null : 0)),
    type,
  ) as Vector;
  values.forEach((value, i) => {
    if (value !== null) vector.data[0].values[i] = value;
  });
  return vector;
}

/** Writes the batches as one commit. */
export async function writeDelta(
  table: string,
  batches: readonly RecordBatch[],
  options: WriteOptions = {},
): Promise<WriteResult> {
  const sink = await createDeltaSink(table, batches[0].schema, options);
  try {
    for (const batch of batches) await sink.write(batch);
  } catch (error) {
    await sink.abort();
    throw error;
  }
  return sink.publish();
}
