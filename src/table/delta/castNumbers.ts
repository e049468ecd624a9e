import {
  type Data,
  DataType,
  DateUnit,
  type Decimal,
  type Float,
  type Int,
  type Timestamp,
  TimeUnit,
  util,
} from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { type Cast, type CastRules, rebuilt } from './castParts.js';

/** Numbers, dates and times to a type that holds all of their values. */
export function numberCast(from: DataType, to: DataType, rules: CastRules): Cast | null {
  if (DataType.isInt(from)) {
    if (DataType.isInt(to)) return integerCast(from, to);
    return DataType.isDecimal(to) ? integerToDecimal(from, to) : null;
  }
  if (DataType.isFloat(from) && DataType.isFloat(to)) return floatCast(from, to);
  if (DataType.isDecimal(from) && DataType.isDecimal(to)) return decimalCast(from, to);
  if (DataType.isDate(from) && DataType.isDate(to)) return dateCast(from.unit, to, rules.where);
  if (DataType.isTimestamp(from) && DataType.isTimestamp(to)) return timeCast(from, to, rules);
  return null;
}

function integerCast(from: Int, to: Int): Cast | null {
  if (from.isSigned && from.bitWidth === to.bitWidth) return (data) => data;
  if (from.bitWidth >= to.bitWidth) return null;
  const { ArrayType } = to;
  if (to.bitWidth === 64) return (data) => withValues(data, to, BigInt64Array.from(rowsOf(data), BigInt));
  return (data) => withValues(data, to, (ArrayType as Int32ArrayConstructor).from(rowsOf(data)));
}

/** Only 64-bit unsigned integers need it: no integer of Delta holds them. */
function integerToDecimal(from: Int, to: Decimal): Cast | null {
  if (from.isSigned || from.bitWidth !== 64 || to.scale !== 0 || to.precision < 20) return null;
  return (data) => {
    const values = new Uint32Array(data.length * 4);
    for (let i = 0; i < data.length; i++) {
      values[4 * i] = Number(data.values[i] & 0xffffffffn);
      values[4 * i + 1] = Number(data.values[i] >> 32n);
    }
    return withValues(data, to, values);
  };
}

function floatCast(from: Float, to: Float): Cast | null {
  if (from.precision === to.precision) return (data) => data;
  if (from.precision > to.precision) return null;
  const ArrayType = to.ArrayType as Float64ArrayConstructor;
  if (from.precision === 0) {
    return (data) =>
      withValues(
        data,
        to,
        ArrayType.from(rowsOf(data), (bits) => util.uint16ToFloat64(bits)),
      );
  }
  return (data) => withValues(data, to, ArrayType.from(rowsOf(data)));
}

function decimalCast(from: Decimal, to: Decimal): Cast | null {
  if (from.scale !== to.scale || from.precision > to.precision) return null;
  const [have, need] = [from.bitWidth / 32, to.bitWidth / 32];
  if (have === need) return (data) => data.clone(to);
  return (data) => {
    const values = new Uint32Array(data.length * need);
    for (let i = 0; i < data.length; i++) {
      const words = data.values.subarray(i * have, (i + 1) * have);
      // The sign goes on into the words that are not there.
      if (words[have - 1] >> 31) values.fill(0xffffffff, i * need, (i + 1) * need);
      values.set(words.subarray(0, need), i * need);
    }
    return withValues(data, to, values);
  };
}

const DAY = 86_400_000n;

function dateCast(unit: DateUnit, to: DataType, where: string): Cast {
  if (unit === DateUnit.DAY) return (data) => data;
  return (data) => {
    const days = new Int32Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const value = BigInt(data.values[i]);
      if (value % DAY !== 0n && data.getValid(i)) throw notExact(where, `the date ${value} ms has a time of day`);
      days[i] = Number(value / DAY);
    }
    return withValues(data, to, days);
  };
}

const TO_MICROSECONDS: Readonly<Record<TimeUnit, readonly [times: bigint, by: bigint]>> = {
  [TimeUnit.SECOND]: [1_000_000n, 1n],
  [TimeUnit.MILLISECOND]: [1000n, 1n],
  [TimeUnit.MICROSECOND]: [1n, 1n],
  [TimeUnit.NANOSECOND]: [1n, 1000n],
};

function timeCast(from: Timestamp, to: Timestamp, rules: CastRules): Cast | null {
  // The old 96-bit times of Parquet, read as nanoseconds, say nothing of a zone: Spark writes them for instants.
  const isOld = rules.cutNanoseconds && from.unit === TimeUnit.NANOSECOND && !from.timezone;
  if (Boolean(from.timezone) !== Boolean(to.timezone) && !isOld) return null;
  if (from.unit === to.unit) return (data) => (data.type === to ? data : data.clone(to));
  const [times, by] = TO_MICROSECONDS[from.unit];
  return (data) => {
    const values = new BigInt64Array(data.length);
    for (let i = 0; i < data.length; i++) {
      const value = BigInt(data.values[i]);
      const rest = ((value % by) + by) % by;
      if (rest !== 0n && !rules.cutNanoseconds && data.getValid(i)) {
        throw notExact(rules.where, `the time ${value} ns is finer than a microsecond`);
      }
      values[i] = ((value - rest) / by) * times;
    }
    return withValues(data, to, values);
  };
}

function notExact(where: string, found: string): PrecisError {
  return new PrecisError('delta', {
    found: `${where}: ${found}`,
    expected: 'a value that Delta can hold',
    action: 'round the column before writing it',
  });
}

function rowsOf(data: Data): Int32Array {
  return data.values.subarray(0, data.length);
}

function withValues(data: Data, type: DataType, values: unknown): Data {
  return rebuilt(data, type, { 1: values });
}
