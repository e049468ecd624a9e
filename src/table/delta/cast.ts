import { type Data, DataType, type Field, type Vector } from 'apache-arrow';
import { Gather } from '../data/gather.js';
import { nullData } from '../data/nullData.js';
import { numberCast } from './castNumbers.js';
import { type Cast, type CastRules, rebuilt, shortOffsets } from './castParts.js';
import { bytesCast } from './castText.js';

/** How columns of one type become the other, which is one that Delta has; null if that could lose something. */
export function castTo(from: DataType, to: DataType, rules: CastRules): Cast | null {
  if (DataType.isDictionary(from)) return dictionaryCast(from.dictionary, to, rules);
  if (DataType.isNull(from)) return (data) => nullData(to, data.length);
  if (DataType.isStruct(from) && DataType.isStruct(to)) return structCast(from.children, to, rules);
  if (DataType.isMap(from) && DataType.isMap(to)) return mapCast(from.children[0], to, rules);
  if (DataType.isList(to)) return listCast(from, to, rules);
  if (DataType.isBool(from) && DataType.isBool(to)) return (data) => data;
  return bytesCast(from, to) ?? numberCast(from, to, rules);
}

function dictionaryCast(values: DataType, to: DataType, rules: CastRules): Cast | null {
  const cast = castTo(values, to, rules);
  if (!cast) return null;
  return (data) => {
    const dictionary = castVector(data.dictionary as Vector, cast, to);
    const none = nullData(to, 1);
    const rows = new Gather(none);
    for (let i = 0; i < data.length; i++) {
      if (data.getValid(i)) rows.add(dictionary, Number(data.values[i]));
      else rows.add(none, 0);
    }
    return rows.finish();
  };
}

function castVector(vector: Vector, cast: Cast, to: DataType): Data {
  const rows = new Gather(nullData(to, 0));
  for (const chunk of vector.data) {
    const done = cast(chunk);
    for (let i = 0; i < done.length; i++) rows.add(done, i);
  }
  return rows.finish();
}

function structCast(from: readonly Field[], to: DataType, rules: CastRules): Cast | null {
  const fields = to.children as Field[];
  if (!rules.dropFields && from.some(({ name }) => !fields.some((field) => field.name === name))) return null;
  const steps: { readonly at: number; readonly cast: Cast }[] = [];
  for (const field of fields) {
    const at = from.findIndex(({ name }) => name === field.name);
    const cast = at < 0 ? missingField(field) : castTo(from[at].type, field.type, rules);
    if (!cast) return null;
    steps.push({ at, cast });
  }
  return (data) => {
    const children = steps.map(({ at, cast }, i) =>
      at < 0 ? nullData(fields[i].type, data.length) : cast(data.children[at]),
    );
    return rebuilt(data, to, {}, children);
  };
}

/** A field that an older file or a shorter row lacks is null there, if it may be. */
function missingField(field: Field): Cast | null {
  return field.nullable ? (data) => data : null;
}

function mapCast(entries: Field, to: DataType, rules: CastRules): Cast | null {
  const target = to.children[0].type as DataType;
  const [key, value] = entries.type.children as Field[];
  const casts = [castTo(key.type, target.children[0].type, rules), castTo(value.type, target.children[1].type, rules)];
  if (!casts[0] || !casts[1]) return null;
  return (data) => {
    const [pairs] = data.children;
    const children = pairs.children.map((child, i) => casts[i]!(child));
    return rebuilt(data, to, { 0: data.valueOffsets }, [rebuilt(pairs, target, {}, children)]);
  };
}

function listCast(from: DataType, to: DataType, rules: CastRules): Cast | null {
  const isFixed = DataType.isFixedSizeList(from);
  if (!isFixed && !DataType.isList(from) && !DataType.isLargeList(from)) return null;
  const cast = castTo((from.children as Field[])[0].type, (to.children as Field[])[0].type, rules);
  if (!cast) return null;
  return (data) => {
    const offsets = isFixed
      ? Int32Array.from({ length: data.length + 1 }, (_, i) => i * data.stride)
      : shortOffsets(data.valueOffsets);
    return rebuilt(data, to, { 0: offsets }, [cast(data.children[0])]);
  };
}
