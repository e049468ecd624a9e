import { DataType, type Field, type Schema } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import type { DeltaField, DeltaType } from './schemaString.js';

/** Characters that Delta allows in names only together with column mapping. */
const NOT_IN_NAMES = /[ ,;{}()\n\t=]/;
/** Metadata that would switch something on in the new table, or that speaks of another file. */
const NOT_KEPT = /^(delta\.|PARQUET:|__|CURRENT_DEFAULT$|EXISTS_DEFAULT$)/;

/**
 * The columns as a Delta table holds them. What Delta lacks becomes the next type that holds every value (unsigned integers a
 * wider signed one, dictionaries their values); what has none is refused, all such columns in one error. `present` names the
 * table's columns beside which these are to stand.
 */
export function deltaFields(schema: Schema, table: string, present: readonly string[] = []): DeltaField[] {
  const problems: string[] = [];
  const seen = new Map(present.map((name) => [name.toLowerCase(), name]));
  const fields = schema.fields.map((field) => {
    const name = String(field.name);
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined)
      problems.push(`${name} and ${twin} differ by nothing but case, and Delta takes them for one`);
    seen.set(name.toLowerCase(), name);
    return deltaField(field, problems, `column ${name}`);
  });
  if (fields.length === 0) problems.push('there is no column at all');
  if (problems.length === 0) return fields;
  throw new PrecisError('delta', {
    found: `${problems[0]}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`,
    expected: `columns that the Delta table ${table} can hold`,
    action: 'rename, cast or leave out such columns',
    details: problems,
  });
}

function deltaField(field: Field, problems: string[], where: string): DeltaField {
  const name = String(field.name);
  if (name === '' || NOT_IN_NAMES.test(name)) {
    problems.push(`${where} has a name with a blank or one of ,;{}()= in it`);
  }
  const metadata = Object.fromEntries([...field.metadata].filter(([key]) => !NOT_KEPT.test(key)));
  return { name, type: deltaType(field.type, problems, where), nullable: field.nullable, metadata };
}

function deltaType(type: DataType, problems: string[], where: string): DeltaType {
  if (DataType.isDictionary(type)) return deltaType(type.dictionary, problems, where);
  const simple = simpleType(type);
  if (simple !== null) return simple;
  if (DataType.isStruct(type)) {
    return {
      type: 'struct',
      fields: type.children.map((child) => deltaField(child, problems, `${where}, field ${child.name}`)),
    };
  }
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) {
    const [child] = type.children;
    return { type: 'array', elementType: deltaType(child.type, problems, where), containsNull: child.nullable };
  }
  if (DataType.isMap(type)) {
    const [key, value] = type.children[0].type.children;
    return {
      type: 'map',
      keyType: deltaType(key.type, problems, where),
      valueType: deltaType(value.type, problems, where),
      valueContainsNull: value.nullable,
    };
  }
  problems.push(`${where} is of type ${type}, which Delta does not have`);
  return 'void';
}

function simpleType(type: DataType): string | null {
  if (DataType.isInt(type)) return integerType(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return type.precision === 2 ? 'double' : 'float';
  if (DataType.isDecimal(type)) {
    const fits = type.precision <= 38 && type.scale >= 0 && type.scale <= type.precision;
    return fits ? `decimal(${type.precision},${type.scale})` : null;
  }
  if (DataType.isTimestamp(type)) return type.timezone ? 'timestamp' : 'timestamp_ntz';
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isDate(type)) return 'date';
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return 'string';
  const isBytes = DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isBinaryView(type);
  return isBytes || DataType.isFixedSizeBinary(type) ? 'binary' : null;
}

function integerType(bits: number, isSigned: boolean): string {
  const needed = isSigned ? bits : bits * 2;
  if (needed > 64) return 'decimal(20,0)';
  return needed <= 8 ? 'byte' : needed <= 16 ? 'short' : needed <= 32 ? 'integer' : 'long';
}
