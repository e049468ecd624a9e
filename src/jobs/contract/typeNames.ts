import { DataType } from 'apache-arrow';
import { isText } from '../../table/columns.js';

/** Kinds of types, by names that need no knowledge of Arrow. */
const KINDS: Readonly<Record<string, (type: DataType) => boolean>> = {
  text: isText,
  number: (type) => DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type),
  boolean: (type) => DataType.isBool(type),
  time: (type) => DataType.isTimestamp(type) || DataType.isDate(type) || DataType.isTime(type),
};

/** How Arrow prints types that have no parts. */
const PLAIN = ['Utf8', 'LargeUtf8', 'Bool', 'Binary', 'LargeBinary', 'Null', 'Date32<DAY>', 'Date64<MILLISECOND>'];
const NUMBERS = [
  'Int8',
  'Int16',
  'Int32',
  'Int64',
  'Uint8',
  'Uint16',
  'Uint32',
  'Uint64',
  'Float16',
  'Float32',
  'Float64',
];

export const TYPE_NAMES: readonly string[] = [...Object.keys(KINDS), ...PLAIN, ...NUMBERS];

/** Types with parts are printed with brackets: `List<Utf8>`, `Timestamp<MICROSECOND, UTC>`. */
export function isTypeName(name: string): boolean {
  return TYPE_NAMES.includes(name) || /^[A-Z]\w*[<[{(]/.test(name);
}

export function isOfType(type: DataType, name: string): boolean {
  if (Object.hasOwn(KINDS, name)) return KINDS[name](type);
  const plain: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  const squeezed = (text: string) => text.replace(/\s/g, '');
  return squeezed(String(type)) === squeezed(name) || squeezed(String(plain)) === squeezed(name);
}
