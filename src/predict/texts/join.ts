import { type Data, type DataType, type List, makeData, type Struct, Type } from 'apache-arrow';
import { concatData } from '../../table/data/concatData.js';
import type { Answers, Piece } from './answers.js';

/** The answers of a slice's rows: without duplicates one range of an answer a partition. */
export function joinAnswers(type: DataType, numbers: Float64Array, answers: Answers): Data {
  const parts: Data[] = [];
  let piece: Piece | null = null;
  for (let row = 0; row < numbers.length; ) {
    const begin = row;
    const number = numbers[row++];
    if (number === -1) {
      while (numbers[row] === -1) row++;
      parts.push(nullRows(type, row - begin));
      continue;
    }
    piece = answers.pieceOf(number, piece);
    while (numbers[row] === number + row - begin && numbers[row] < piece.end) row++;
    parts.push(piece.data.slice(number - piece.first, row - begin));
  }
  if (parts.length === 1) return parts[0];
  return parts.length === 0 ? nullRows(type, 0) : concatData(parts);
}

/** Rows of nothing, for the types that results are made of. */
function nullRows(type: DataType, length: number): Data {
  const nulls = { length, nullCount: length, nullBitmap: new Uint8Array((length + 7) >> 3) };
  const valueOffsets = new Int32Array(length + 1);
  switch (type.typeId) {
    case Type.Utf8:
      return makeData({ type: type as never, ...nulls, valueOffsets, data: new Uint8Array(0) });
    case Type.List:
      return makeData({ type: type as List, ...nulls, valueOffsets, child: nullRows(type.children[0].type, 0) });
    case Type.Struct:
      return makeData({ type: type as Struct, ...nulls, children: type.children.map((f) => nullRows(f.type, length)) });
    case Type.Bool:
      return makeData({ type: type as never, ...nulls, data: new Uint8Array(nulls.nullBitmap.length) });
    default:
      return makeData({ type: type as never, ...nulls, data: new type.ArrayType(length) });
  }
}
