import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  List,
  Map_,
  Null,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import { PrecisError } from '../../errors.js';

/** A table's schema as the log's JSON has it. */
export type DeltaType = string | DeltaStruct | DeltaArray | DeltaMap;
export interface DeltaStruct {
  readonly type: 'struct';
  readonly fields: readonly DeltaField[];
}
export interface DeltaArray {
  readonly type: 'array';
  readonly elementType: DeltaType;
  readonly containsNull: boolean;
}
export interface DeltaMap {
  readonly type: 'map';
  readonly keyType: DeltaType;
  readonly valueType: DeltaType;
  readonly valueContainsNull: boolean;
}
export interface DeltaField {
  readonly name: string;
  readonly type: DeltaType;
  readonly nullable: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const PRIMITIVES: Readonly<Record<string, () => DataType>> = {
  string: () => new Utf8(),
  long: () => new Int64(),
  integer: () => new Int32(),
  short: () => new Int16(),
  byte: () => new Int8(),
  float: () => new Float32(),
  double: () => new Float64(),
  boolean: () => new Bool(),
  binary: () => new Binary(),
  date: () => new DateDay(),
  timestamp: () => new TimestampMicrosecond('UTC'),
  timestamp_ntz: () => new TimestampMicrosecond(null),
  void: () => new Null(),
};

const DECIMAL = /^decimal(?:\((\d+),\s*(\d+)\))?$/;

export function parseSchema(schemaString: string, table: string): readonly DeltaField[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(schemaString);
  } catch (cause) {
    throw new PrecisError('delta', { found: `the schema of ${table} is not JSON`, expected: 'a struct', cause });
  }
  const struct = parsed as Partial<DeltaStruct> | null;
  if (struct?.type === 'struct' && Array.isArray(struct.fields)) return struct.fields;
  throw new PrecisError('delta', { found: `the schema of ${table} is no struct`, expected: 'a struct with fields' });
}

export function schemaString(fields: readonly DeltaField[]): string {
  return JSON.stringify({ type: 'struct', fields });
}

/** The Arrow schema that stands for it. A field's metadata is kept; what is no text there becomes its JSON. */
export function arrowSchema(fields: readonly DeltaField[], table: string): Schema {
  return new Schema(fields.map((field) => arrowField(field, table)));
}

function arrowField({ name, type, nullable, metadata }: DeltaField, where: string): Field {
  const entries = Object.entries(metadata ?? {}).map(
    ([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  );
  return new Field(name, arrowType(type, `column ${name} of ${where}`), nullable !== false, new Map(entries));
}

function arrowType(type: DeltaType, where: string): DataType {
  if (typeof type === 'string') return primitiveType(type, where);
  if (type?.type === 'struct') return new Struct(type.fields.map((field) => arrowField(field, where)));
  if (type?.type === 'array') {
    return new List(new Field('element', arrowType(type.elementType, where), type.containsNull !== false));
  }
  if (type?.type === 'map') {
    const key = new Field('key', arrowType(type.keyType, where), false);
    const value = new Field('value', arrowType(type.valueType, where), type.valueContainsNull !== false);
    return new Map_(new Field('key_value', new Struct<{ key: DataType; value: DataType }>([key, value]), false));
  }
  throw unknownType(JSON.stringify(type), where);
}

function primitiveType(name: string, where: string): DataType {
  if (Object.hasOwn(PRIMITIVES, name)) return PRIMITIVES[name]();
  const decimal = DECIMAL.exec(name);
  if (!decimal) throw unknownType(name, where);
  return new Decimal(Number(decimal[2] ?? 0), Number(decimal[1] ?? 10), 128);
}

function unknownType(name: string, where: string): PrecisError {
  return new PrecisError('delta', {
    found: `${where} is of the type ${name}`,
    expected: `one of ${Object.keys(PRIMITIVES).join(', ')}, decimal, struct, array, map`,
  });
}
