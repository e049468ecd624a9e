import { type Data, DataType, type RecordBatch } from 'apache-arrow';

/** About how many bytes the rows of a batch take, dictionaries not counted; of a slice only its own. */
export function batchBytes(batch: RecordBatch): number {
  return batch.data.children.reduce((sum, child) => sum + dataBytes(child), 0);
}

function dataBytes(data: Data): number {
  const { type, length, values, valueOffsets, children } = data;
  if (length === 0) return 0;
  const nulls = data.nullBitmap?.byteLength ? length / 8 : 0;
  if (DataType.isUnion(type)) return length + children.reduce((sum, child) => sum + dataBytes(child), 0);
  if (valueOffsets) {
    const [start, end] = [Number(valueOffsets[0]), Number(valueOffsets[length])];
    const offsets = (length + 1) * valueOffsets.BYTES_PER_ELEMENT;
    return nulls + offsets + (children.length > 0 ? dataBytes(children[0].slice(start, end - start)) : end - start);
  }
  if (DataType.isBool(type)) return nulls + length / 8;
  const own = values ? length * data.stride * values.BYTES_PER_ELEMENT : 0;
  return nulls + own + children.reduce((sum, child) => sum + dataBytes(child), 0);
}
