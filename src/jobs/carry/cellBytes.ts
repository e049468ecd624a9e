import { type Data, DataType } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { textView } from '../../predict/texts/textView.js';
import { isText } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import { columnTexts, family } from '../../table/merge/mergeKeys.js';
import { scalarText } from '../../table/textFiles/scalarText.js';
import type { RowBytes } from './rowBytes.js';

type WriteCell = (row: number) => void;

/** What of two columns can be compared: formats keep what a value is, not always its width (Delta has no unsigned integers). Null: nothing. */
export function comparableKind(type: DataType): string | null {
  if (DataType.isNull(type)) return 'nothing';
  if (DataType.isDictionary(type)) return comparableKind(type.dictionary);
  if (DataType.isFloat(type)) return 'fractions';
  if (DataType.isTime(type) || DataType.isDuration(type)) return String(type);
  if (DataType.isStruct(type) || DataType.isMap(type)) {
    const kinds = type.children.map((child) => [child.name, comparableKind(child.type)] as const);
    if (kinds.some(([, kind]) => kind === null)) return null;
    // What a map's key and value are called differs between formats.
    return `struct of ${kinds.map(([name, kind]) => (DataType.isMap(type) ? kind : `${name}: ${kind}`)).join(', ')}`;
  }
  if (isList(type)) {
    const kind = comparableKind(type.children[0].type);
    return kind && `list of ${kind}`;
  }
  return family(type);
}

/** Writes a column's cells. `asText`: as the text that CSV keeps of it, to be compared with what was read from there. */
export function cellWriter(data: Data, out: RowBytes, asText = false): WriteCell {
  const { type } = data;
  if (DataType.isNull(type)) return () => out.absent();
  if (isText(type)) return textCells(data, out);
  if (asText) return scalarCells(data, out);
  if (DataType.isDictionary(type)) {
    const entries = cellWriter(concatData(data.dictionary!.data), out);
    return orAbsent(data, out, (row) => entries(Number(data.values[row])));
  }
  if (DataType.isFloat(type)) return orAbsent(data, out, (row) => out.number(Number(data.values[row])));
  if (DataType.isStruct(type)) {
    const fields = data.children.map((child) => cellWriter(child, out));
    return orAbsent(data, out, (row) => {
      out.count(fields.length);
      for (const field of fields) field(row);
    });
  }
  if (isList(type) || DataType.isMap(type)) return listCells(data, out);
  if (comparableKind(type) === null) throw incomparable(type);
  const texts = columnTexts(data);
  return orAbsent(data, out, (row) => out.text(texts[row]!));
}

function isList(type: DataType): boolean {
  return DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type);
}

function orAbsent(data: Data, out: RowBytes, write: WriteCell): WriteCell {
  return (row) => (data.getValid(row) ? write(row) : out.absent());
}

/** Bytes as they are: a byte order mark, a normalisation form, even what is no UTF-8 makes a text another text. */
function textCells(data: Data, out: RowBytes): WriteCell {
  const { bytes, starts, ends, valid } = textView(data);
  return (row) => (valid && !valid[row] ? out.absent() : out.cell(bytes, starts[row], ends[row]));
}

function scalarCells(data: Data, out: RowBytes): WriteCell {
  const scalar = scalarText(data.type);
  if (!scalar) throw incomparable(data.type);
  return orAbsent(data, out, (row) => out.text(scalar.of(data, row)));
}

function listCells(data: Data, out: RowBytes): WriteCell {
  const items = cellWriter(data.children[0], out);
  const { type, valueOffsets } = data;
  const range = (row: number): [number, number] =>
    DataType.isFixedSizeList(type)
      ? [row * type.listSize, (row + 1) * type.listSize]
      : [Number(valueOffsets[row]), Number(valueOffsets[row + 1])];
  return orAbsent(data, out, (row) => {
    const [start, end] = range(row);
    out.count(end - start);
    for (let item = start; item < end; item++) items(item);
  });
}

function incomparable(type: DataType): PrecisError {
  return new PrecisError('column', {
    found: `a column of type ${type}, of which nobody can tell whether it changed`,
    expected: 'texts, numbers, times, bytes, or lists and structs of these',
    action: 'leave it out of what the functions read, or compute all rows',
  });
}
