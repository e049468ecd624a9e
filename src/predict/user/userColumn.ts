import type { Data, DataType, Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { columnOf, oneChunk } from '../texts/columnBuilders.js';
import { valueRule } from './userTypes.js';

/** Where a column comes from, for what is said of it. */
export interface Origin {
  readonly name: string;
  /** The number of the batch's first row in its table, from 0. */
  readonly firstRow: number;
  readonly rows: number;
  /** What is said of it may name neither rows nor values: it becomes a row's own error. */
  readonly quiet?: boolean;
}

/** What a user's function returned as a column of the promised type and length. */
export function userColumn(returned: unknown, type: DataType, origin: Origin): Data {
  const { name, rows, quiet } = origin;
  const found =
    isVector(returned) || ArrayBuffer.isView(returned) || Array.isArray(returned) ? lengthOf(returned) : null;
  if (found !== rows) {
    throw new PrecisError('function', {
      found: `${name} returned ${found === null ? kindOf(returned, quiet) : `${found} values`} for ${rowsOf(origin)}`,
      expected: `an array or an Arrow vector of ${rows} values`,
    });
  }
  if (isVector(returned)) return ofVector(returned, type, origin);
  return ofValues(
    Array.from(returned as ArrayLike<unknown>, (value) => value ?? null),
    type,
    origin,
  );
}

export function rowsOf({ firstRow, rows, quiet }: Origin): string {
  if (quiet) return rows === 1 ? 'this row' : 'these rows';
  return rows === 1 ? `row ${firstRow + 1}` : `rows ${firstRow + 1} to ${firstRow + rows}`;
}

/** A function's own module may have another copy of Apache Arrow, whose classes are not ours. */
function isVector(value: unknown): value is Vector {
  return typeof value === 'object' && value !== null && 'type' in value && 'data' in value && Array.isArray(value.data);
}

function lengthOf(value: Vector | ArrayBufferView | readonly unknown[]): number {
  return 'length' in value ? (value.length as number) : 0;
}

function ofVector(vector: Vector, type: DataType, { name }: Origin): Data {
  if (String(vector.type) !== String(type)) {
    throw new PrecisError('function', {
      found: `${name} returned a vector of ${vector.type}`,
      expected: `one of ${type}`,
    });
  }
  return oneChunk(vector, type);
}

function ofValues(values: readonly unknown[], type: DataType, origin: Origin): Data {
  const rule = valueRule(type);
  const wrong = rule ? values.findIndex((value) => value !== null && !rule.accepts(value)) : -1;
  if (rule && wrong >= 0) throw wrongValue(origin, wrong, kindOf(values[wrong], origin.quiet), rule.expected);
  try {
    return columnOf(values, type);
  } catch (cause) {
    throw new PrecisError('function', {
      found: `${origin.name} returned values for ${rowsOf(origin)} that do not fit${origin.quiet ? '' : ` (${(cause as Error).message})`}`,
      expected: `values of ${type}`,
      cause,
    });
  }
}

function wrongValue(origin: Origin, at: number, found: string, expected: string): PrecisError {
  const row = rowsOf({ ...origin, firstRow: origin.firstRow + at, rows: 1 });
  return new PrecisError('function', {
    found: `${origin.name} returned ${found} for ${row}`,
    expected: `${expected}, or null`,
    action: 'set resultType to what the function returns',
  });
}

function kindOf(value: unknown, quiet = false): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'object')
    return Array.isArray(value) ? 'a list' : `an object (${value.constructor?.name ?? 'Object'})`;
  if (quiet) return `a ${typeof value}`;
  const shown = typeof value === 'string' ? JSON.stringify(value) : typeof value === 'function' ? '' : String(value);
  return `the ${typeof value} ${shown.length > 40 ? `${shown.slice(0, 37)}...` : shown}`.trimEnd();
}
