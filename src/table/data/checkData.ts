import { type Data, DataType, type Dictionary } from 'apache-arrow';

/**
 * Checks that a column's buffers are as long as its rows need, which the library takes for granted: else it reads values that
 * are not there as undefined. Throws an Error that says what is missing.
 */
export function checkData(data: Data): void {
  const { type, length } = data;
  if (length === 0 || DataType.isNull(type)) return;
  if (data.nullCount > 0 && data.nullBitmap.byteLength * 8 < length) throw short(type, 'marks of nulls');
  if (DataType.isUnion(type)) {
    if (data.typeIds.length < length) throw short(type, 'marks of types');
  } else if (data.valueOffsets) {
    checkOffsets(data);
  } else if (DataType.isBool(type)) {
    if (data.values.byteLength * 8 < length) throw short(type, 'values');
  } else if (data.values) {
    if (data.values.length < length * data.stride) throw short(type, 'values');
  }
  if (DataType.isDictionary(type)) checkIndices(data, type);
  const perRow = DataType.isFixedSizeList(type) ? type.listSize : DataType.isStruct(type) ? 1 : 0;
  for (const child of data.children) {
    if (child.length < length * perRow) throw short(type, 'values');
    checkData(child);
  }
}

function checkOffsets({ type, length, valueOffsets, values, children }: Data): void {
  if (valueOffsets.length < length + 1) throw short(type, 'offsets');
  const last = Number(valueOffsets[length]);
  const room = children.length > 0 ? children[0].length : (values?.length ?? 0);
  if (Number(valueOffsets[0]) < 0 || last > room) throw short(type, 'values');
  for (let i = 0; i < length; i++) {
    if (valueOffsets[i] > valueOffsets[i + 1]) throw new Error(`a column of type ${type} whose offsets go back`);
  }
}

function checkIndices(data: Data, type: Dictionary): void {
  if (!data.dictionary) throw new Error(`a column of type ${type} without its dictionary`);
  const size = data.dictionary.length;
  for (let i = 0; i < data.length; i++) {
    const index = Number(data.values[i]);
    if ((index < 0 || index >= size) && data.getValid(i)) {
      throw new Error(`a column of type ${type} with entry ${index} of a dictionary of ${size}`);
    }
  }
}

function short(type: DataType, what: string): Error {
  return new Error(`a column of type ${type} with too few ${what} for its rows`);
}
