import { type Data, type Dictionary, Type, type Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';

/** The texts of a column as they lie in memory: UTF-8, never JavaScript strings. */
export interface TextView {
  readonly length: number;
  readonly bytes: Uint8Array;
  /** Of each row: where its text begins and ends in `bytes`. What a null row has here means nothing. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where there is a text, 0 where there is none; null if every row has one. */
  readonly valid: Uint8Array | null;
}

/** The texts of one chunk of utf8, large utf8 or a dictionary of either; none of a column that only has nulls. */
export function textView(data: Data): TextView {
  const { length } = data;
  if (data.typeId === Type.Null) return withoutTexts(length);
  const valid = validRows(data);
  if (data.typeId === Type.Dictionary) return dictionaryView(data as Data<Dictionary>, valid);
  if (data.typeId !== Type.Utf8 && data.typeId !== Type.LargeUtf8) {
    throw new PrecisError('internal', { found: `a column of type ${data.type}`, expected: 'text' });
  }
  // Arrow allows a column without rows to have no buffers at all.
  if (length === 0) return withoutTexts(0);
  const offsets = smallOffsets(data.valueOffsets);
  return { length, bytes: data.values, starts: offsets.subarray(0, length), ends: offsets.subarray(1), valid };
}

function withoutTexts(length: number): TextView {
  const none = () => new Int32Array(length);
  return { length, bytes: new Uint8Array(0), starts: none(), ends: none(), valid: new Uint8Array(length) };
}

function validRows(data: Data): Uint8Array | null {
  if (data.nullCount === 0) return null;
  return Uint8Array.from({ length: data.length }, (_, row) => Number(data.getValid(row)));
}

/** Large offsets are 64 bits wide, but a buffer of this process never is that long. */
function smallOffsets(offsets: Int32Array | BigInt64Array): Int32Array {
  return offsets instanceof Int32Array ? offsets : Int32Array.from(offsets, Number);
}

/** Batches of one stream share their dictionary, which may be long. */
const dictionaries = new WeakMap<Vector, TextView>();

function dictionaryView(data: Data<Dictionary>, validKeys: Uint8Array | null): TextView {
  const dictionary = data.dictionary!;
  let entries = dictionaries.get(dictionary);
  if (!entries) {
    entries = joinedViews(dictionary.data.map(textView));
    dictionaries.set(dictionary, entries);
  }
  const { length } = data;
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  const valid = validKeys ?? new Uint8Array(length).fill(1);
  let nulls = validKeys !== null;
  for (let row = 0; row < length; row++) {
    if (!valid[row]) continue;
    const key = Number(data.values[row]);
    starts[row] = entries.starts[key];
    ends[row] = entries.ends[key];
    if (entries.valid && !entries.valid[key]) {
      valid[row] = 0;
      nulls = true;
    }
  }
  return { length, bytes: entries.bytes, starts, ends, valid: nulls ? valid : null };
}

/** A dictionary that grew while it was read comes in several chunks. */
function joinedViews(views: readonly TextView[]): TextView {
  if (views.length === 1) return views[0];
  const length = views.reduce((sum, view) => sum + view.length, 0);
  const bytes = new Uint8Array(views.reduce((sum, view) => sum + view.bytes.length, 0));
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  const valid = new Uint8Array(length).fill(1);
  let row = 0;
  let at = 0;
  for (const view of views) {
    bytes.set(view.bytes, at);
    for (let i = 0; i < view.length; i++, row++) {
      starts[row] = at + view.starts[i];
      ends[row] = at + view.ends[i];
      if (view.valid) valid[row] = view.valid[i];
    }
    at += view.bytes.length;
  }
  return { length, bytes, starts, ends, valid };
}
