import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  Schema,
  Table,
  Type,
  tableFromIPC,
  tableToIPC,
  Utf8,
} from 'apache-arrow';
import { PrecisError } from '../../errors.js';

/** What a user's function returns, by a short name or as any Arrow type. */
export type UserResultType = 'string' | 'double' | 'int' | 'bool' | DataType;

const NAMED = { string: new Utf8(), double: new Float64(), int: new Int32(), bool: new Bool() } as const;

export function userType(asked: UserResultType): DataType {
  if (typeof asked === 'string' && Object.hasOwn(NAMED, asked)) return NAMED[asked];
  if (typeof asked === 'object' && asked !== null && typeof asked.typeId === 'number') {
    if (asked.typeId !== Type.Dictionary) return asked;
    throw new PrecisError('usage', { found: `resultType ${asked}`, expected: "the dictionary's own type" });
  }
  throw new PrecisError('usage', {
    found: `resultType ${JSON.stringify(asked) ?? String(asked)}`,
    expected: `${Object.keys(NAMED).join(', ')} or an Arrow type`,
  });
}

/** A type as bytes, since its class is lost on the way to another thread. */
export function typeToBytes(type: DataType): Uint8Array {
  return tableToIPC(new Table(new Schema([new Field('result', type, true)])), 'stream');
}

export function typeFromBytes(bytes: Uint8Array): DataType {
  return tableFromIPC(bytes).schema.fields[0].type;
}

interface ValueRule {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

const TEXT: ValueRule = { expected: 'a text', accepts: (value) => typeof value === 'string' };
const NUMBER: ValueRule = { expected: 'a number', accepts: (value) => typeof value === 'number' };
const FLAG: ValueRule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
const LONG: ValueRule = { expected: 'a bigint of 64 bits', accepts: fitsLong };

/** What a value of a column may be beside null. Null for types that are left to Arrow's own builders (times, decimals, maps). */
export function valueRule(type: DataType): ValueRule | null {
  switch (type.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8:
      return TEXT;
    case Type.Float:
      return NUMBER;
    case Type.Bool:
      return FLAG;
    case Type.Int: {
      const { bitWidth, isSigned } = type as DataType & { readonly bitWidth: number; readonly isSigned: boolean };
      return bitWidth === 64 ? LONG : wholeNumbers(bitWidth, isSigned);
    }
    case Type.List:
      return listOf(valueRule(type.children[0].type));
    case Type.Struct:
      return structOf(type.children);
    default:
      return null;
  }
}

const isNone = (value: unknown): boolean => value === null || value === undefined;

function listOf(item: ValueRule | null): ValueRule {
  const fits = (value: unknown) => isNone(value) || !item || item.accepts(value);
  return {
    expected: item ? `a list, each of it ${item.expected}` : 'a list',
    accepts: (value) =>
      (Array.isArray(value) || ArrayBuffer.isView(value)) && Array.from(value as ArrayLike<unknown>).every(fits),
  };
}

function structOf(fields: readonly Field[]): ValueRule {
  const rules = fields.map(({ name, type }) => ({ name, rule: valueRule(type) }));
  const fits = (value: object, { name, rule }: (typeof rules)[number]): boolean => {
    const own = value instanceof Map ? value.get(name) : (value as Record<string, unknown>)[name];
    return isNone(own) || !rule || rule.accepts(own);
  };
  const shown = rules.map(({ name, rule }) => (rule ? `${name} (${rule.expected})` : name));
  return {
    expected: `an object with ${shown.join(', ')}`,
    accepts: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && rules.every((own) => fits(value, own)),
  };
}

function wholeNumbers(bits: number, isSigned: boolean): ValueRule {
  const least = isSigned ? -(2 ** (bits - 1)) : 0;
  const most = 2 ** (isSigned ? bits - 1 : bits) - 1;
  return {
    expected: `a whole number from ${least} to ${most}`,
    accepts: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
  };
}

function fitsLong(value: unknown): boolean {
  return typeof value === 'bigint' && (BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value);
}
