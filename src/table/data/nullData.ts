import { Data, DataType, Vector } from 'apache-arrow';
import { bitmapBytes } from './bits.js';

/** A column of nothing but nulls, of any type that a table can be read as. */
export function nullData(type: DataType, length: number): Data {
  const nullBitmap = DataType.isNull(type) ? new Uint8Array(0) : new Uint8Array(bitmapBytes(length));
  const make = (buffers: Record<number, unknown>, children: Data[] = [], dictionary?: Vector) => {
    const all = { 2: nullBitmap, ...buffers } as unknown as ConstructorParameters<typeof Data>[4];
    return new Data(type, 0, length, length, all, children, dictionary);
  };
  if (DataType.isNull(type)) return make({});
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    return make({ 0: new Int32Array(length + 1), 1: new Uint8Array(0) });
  }
  if (DataType.isList(type) || DataType.isMap(type)) {
    return make({ 0: new Int32Array(length + 1) }, [nullData(type.children[0].type, 0)]);
  }
  if (DataType.isLargeUtf8(type) || DataType.isLargeBinary(type)) {
    return make({ 0: new BigInt64Array(length + 1), 1: new Uint8Array(0) });
  }
  if (DataType.isLargeList(type)) {
    return make({ 0: new BigInt64Array(length + 1) }, [nullData(type.valueType, 0)]);
  }
  if (DataType.isFixedSizeList(type)) return make({}, [nullData(type.valueType, length * type.listSize)]);
  if (DataType.isDictionary(type)) {
    const Indices = type.indices.ArrayType as new (length: number) => unknown;
    return make({ 1: new Indices(length) }, [], new Vector([nullData(type.dictionary, 0)]));
  }
  if (DataType.isStruct(type)) {
    return make(
      {},
      type.children.map((child) => nullData(child.type, length)),
    );
  }
  if (DataType.isBool(type)) return make({ 1: new Uint8Array(bitmapBytes(length)) });
  const { ArrayType } = type as { ArrayType: new (length: number) => unknown };
  return make({ 1: new ArrayType(length * make({}).stride) });
}
