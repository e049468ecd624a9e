import {
  Binary,
  Data,
  DataType,
  type Date_,
  DateDay,
  DateUnit,
  Dictionary,
  Field,
  FixedSizeList,
  LargeList,
  List,
  Map_,
  Schema,
  Struct,
  type Time,
  TimeMillisecond,
  Timestamp,
  TimeUnit,
  Utf8,
  Vector,
} from 'apache-arrow';
import { PrecisError } from '../../errors.js';

const DAY = 86_400_000n;

/** What a type becomes; null leaves it (and lets its children be looked at). */
export type Recast = (type: DataType) => DataType | null;

/** Views are a way to store text and bytes; nothing of what they say is lost. */
export const withoutViews: Recast = (type) => {
  if (DataType.isUtf8View(type)) return new Utf8();
  return DataType.isBinaryView(type) ? new Binary() : null;
};

/** What Parquet has no word for, as other writers store it too: dates as days, and milliseconds for seconds. */
export const withParquetUnits: Recast = (type) => {
  if (DataType.isDate(type) && type.unit === DateUnit.MILLISECOND) return new DateDay();
  if (DataType.isTime(type) && type.unit === TimeUnit.SECOND) return new TimeMillisecond();
  if (DataType.isTimestamp(type) && type.unit === TimeUnit.SECOND)
    return new Timestamp(TimeUnit.MILLISECOND, type.timezone);
  return withoutViews(type);
};

export function recastSchema(schema: Schema, recast: Recast): Schema {
  return new Schema(
    schema.fields.map((field) => recastField(field, recast)),
    schema.metadata,
  );
}

function recastField(field: Field, recast: Recast): Field {
  const type = recastType(field.type, recast);
  return type === field.type ? field : new Field(field.name, type, field.nullable, field.metadata);
}

export function recastType(type: DataType, recast: Recast): DataType {
  const simple = recast(type);
  if (simple) return simple;
  if (DataType.isDictionary(type)) {
    const values = recastType(type.dictionary, recast);
    return values === type.dictionary ? type : new Dictionary(values, type.indices, type.id, type.isOrdered);
  }
  const children = (type.children ?? []) as Field[];
  const recasts = children.map((child) => recastField(child, recast));
  if (recasts.every((child, i) => child === children[i])) return type;
  if (DataType.isStruct(type)) return new Struct(recasts);
  if (DataType.isList(type)) return new List(recasts[0]);
  if (DataType.isLargeList(type)) return new LargeList(recasts[0]);
  if (DataType.isFixedSizeList(type)) return new FixedSizeList(type.listSize, recasts[0]);
  if (DataType.isMap(type)) return new Map_(recasts[0] as Map_['children'][0], type.keysSorted);
  throw new PrecisError('column', { found: `a column of type ${type}`, expected: 'a type that can be converted' });
}

/** The values in the type that recastType gave; what it left alone is not touched. */
export function castData(data: Data, to: DataType): Data {
  const { type } = data;
  if (type.typeId !== to.typeId) return fromViews(data, to);
  if (DataType.isDate(type))
    return type.unit === (to as Date_).unit ? data : remade(data, to, Int32Array.from(data.values, daysOf));
  if (DataType.isTime(type)) {
    return type.unit === (to as Time).unit
      ? data
      : remade(
          data,
          to,
          (data.values as Int32Array).map((seconds) => seconds * 1000),
        );
  }
  if (DataType.isTimestamp(type)) {
    if (type.unit === (to as Timestamp).unit) return data;
    return remade(
      data,
      to,
      (data.values as BigInt64Array).map((seconds) => seconds * 1000n),
    );
  }
  if (DataType.isDictionary(to)) {
    const chunks = data.dictionary!.data;
    const cast = chunks.map((chunk) => castData(chunk, to.dictionary));
    return isSame(cast, chunks) ? data : remade(data, to, data.values, [], new Vector(cast));
  }
  const cast = data.children.map((child, i) => castData(child, (to.children as Field[])[i].type));
  return isSame(cast, data.children) ? data : remade(data, to, data.values, cast);
}

function isSame(cast: readonly Data[], original: readonly Data[]): boolean {
  return cast.every((data, i) => data === original[i]);
}

function remade(data: Data, to: DataType, values: unknown, children: Data[] = [], dictionary?: Vector): Data {
  const buffers = { 0: data.valueOffsets, 1: values, 2: data.nullBitmap, 3: data.typeIds };
  return new Data(
    to,
    data.offset,
    data.length,
    data.nullCount,
    buffers as ConstructorParameters<typeof Data>[4],
    children,
    dictionary,
  );
}

/** Rounded down, as dates before 1970 need it. What stands under a null may be anything. */
function daysOf(milliseconds: bigint): number {
  const days = milliseconds / DAY;
  return Number(BigInt.asIntN(32, milliseconds % DAY < 0n ? days - 1n : days));
}

/** A view is 16 bytes: the length, then up to 12 bytes themselves, or 4 of them, the number of a buffer and a place in it. */
function fromViews(data: Data, to: DataType): Data {
  const views = data.values as Uint8Array;
  const view = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const offsets = new Int32Array(data.length + 1);
  const length = (row: number) => (data.getValid(row) ? view.getInt32(16 * row, true) : 0);
  for (let row = 0; row < data.length; row++) offsets[row + 1] = offsets[row] + length(row);
  const values = new Uint8Array(offsets[data.length]);
  for (let row = 0; row < data.length; row++) {
    const bytes = length(row);
    const inline = bytes <= 12;
    const source = inline ? views : data.variadicBuffers[view.getInt32(16 * row + 8, true)];
    const start = inline ? 16 * row + 4 : view.getInt32(16 * row + 12, true);
    values.set(source.subarray(start, start + bytes), offsets[row]);
  }
  const buffers = { 0: offsets, 1: values, 2: data.nullBitmap } as unknown as ConstructorParameters<typeof Data>[4];
  return new Data(to, data.offset, data.length, data.nullCount, buffers);
}
