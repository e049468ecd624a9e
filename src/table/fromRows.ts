import {
  Binary,
  Bool,
  type Data,
  DataType,
  Field,
  Float64,
  Int64,
  List,
  Null,
  type RecordBatch,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { batchOf } from './columns.js';

type Row = Readonly<Record<string, unknown>>;

/** Objects as a batch. Without a schema, the columns are all names in the order they are first met, their types follow from the values. */
export function batchFromRows(rows: readonly Row[], given?: Schema): RecordBatch {
  const schema = given ?? inferSchema(rows);
  const children = schema.fields.map((field) => columnOf(rows, field));
  return batchOf(schema, children, rows.length);
}

function columnOf(rows: readonly Row[], { name, type, nullable }: Field): Data {
  const values = rows.map((row, i) => {
    const value = row[name] ?? null;
    const problem = value === null ? (nullable ? null : 'no value') : misfit(value, type);
    if (problem === null) return fitting(value, type);
    throw new PrecisError('column', {
      found: `column ${name} has ${problem} in row ${i + 1}`,
      expected: `${type}${nullable ? ' or null' : ''}`,
      action: 'make the values fit, or give a schema that they fit',
    });
  });
  return vectorFromArray(values, type).data[0];
}

/** What the library's builders would change without a word to make it fit; null if it fits. */
function misfit(value: unknown, type: DataType): string | null {
  const shown = () => (typeof value === 'object' ? (kindOf(value) ?? 'null') : `${typeof value} ${String(value)}`);
  if (value === null || value === undefined) return null;
  if (DataType.isInt(type)) return isWhole(value, type.bitWidth, type.isSigned) ? null : shown();
  if (DataType.isFloat(type)) return typeof value === 'number' ? null : shown();
  if (DataType.isBool(type)) return typeof value === 'boolean' ? null : shown();
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return typeof value === 'string' ? null : shown();
  if (DataType.isDictionary(type)) return misfit(value, type.dictionary);
  if (DataType.isList(type)) {
    return Array.isArray(value) ? firstMisfit(value.map((item) => [item, type.valueType])) : shown();
  }
  if (!DataType.isStruct(type)) return null;
  if (kindOf(value) !== 'object') return shown();
  return firstMisfit(type.children.map((field) => [(value as Row)[field.name], field.type]));
}

function firstMisfit(parts: readonly (readonly [unknown, DataType])[]): string | null {
  for (const [value, type] of parts) {
    const problem = misfit(value, type);
    if (problem !== null) return problem;
  }
  return null;
}

function isWhole(value: unknown, bits: number, isSigned: boolean): boolean {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) return false;
  const whole = BigInt(value as number | bigint);
  return whole === (isSigned ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole));
}

function inferSchema(rows: readonly Row[]): Schema {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const fields = [...names].map((name) => {
    const type = inferType(
      rows.map((row) => row[name]),
      name,
    );
    return new Field(name, type, true);
  });
  return new Schema(fields);
}

/** The library's builders want 64-bit integers as bigints. */
function fitting(value: unknown, type: DataType): unknown {
  if (type instanceof Int64 && typeof value === 'number') return BigInt(value);
  if (type instanceof List && Array.isArray(value)) return value.map((item) => fitting(item ?? null, type.valueType));
  if (type instanceof Struct && value !== null) {
    const fields = type.children as Field[];
    return Object.fromEntries(fields.map((f) => [f.name, fitting((value as Row)[f.name] ?? null, f.type)]));
  }
  return value;
}

function inferType(values: readonly unknown[], name: string): DataType {
  const kinds = new Map<string, number>();
  values.forEach((value, row) => {
    const kind = kindOf(value);
    if (kind !== null && !kinds.has(kind)) kinds.set(kind, row);
  });
  if (kinds.has('number')) kinds.delete('integer');
  if (kinds.size === 0) return new Null();
  if (kinds.size > 1) {
    const found = [...kinds].map(([kind, row]) => `${kind} in row ${row + 1}`).join(', ');
    throw new PrecisError('column', {
      found: `column ${name} holds ${found}`,
      expected: 'values of one kind',
      action: 'make them alike, or give a schema',
    });
  }
  return typeOf([...kinds.keys()][0], values, name);
}

function kindOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? 'integer' : 'number';
  if (value instanceof Date) return 'date';
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'list' : typeof value;
}

function typeOf(kind: string, values: readonly unknown[], name: string): DataType {
  switch (kind) {
    case 'string':
      return new Utf8();
    case 'boolean':
      return new Bool();
    case 'integer':
      return new Int64();
    case 'number':
      return new Float64();
    case 'date':
      return new TimestampMillisecond('UTC');
    case 'bytes':
      return new Binary();
    case 'list':
      return new List(
        new Field(
          'item',
          inferType(
            (values as unknown[][]).flatMap((list) => list ?? []),
            name,
          ),
          true,
        ),
      );
    case 'object':
      return new Struct(inferSchema((values as Row[]).filter((value) => value !== null && value !== undefined)).fields);
    default:
      throw new PrecisError('column', {
        found: `column ${name} holds a ${kind}`,
        expected: 'text, numbers, booleans, dates, bytes, lists or objects',
      });
  }
}
