import { Bool, type Data, makeData, type RecordBatch, type Struct } from 'apache-arrow';
import { batchFromIpc, batchToIpc } from '../../table/columns.js';
import { bitmapBytes } from '../../table/data/bits.js';
import { Gather } from '../../table/data/gather.js';
import { nullData } from '../../table/data/nullData.js';

/** Where a row's value lies. */
export interface Place {
  readonly data: Data;
  readonly row: number;
}

/** A value for each row; null where there is no place for it. */
export function gathered(type: Data['type'], places: readonly (Place | null | undefined)[]): Data {
  const none = nullData(type, places.length);
  const rows = new Gather(none);
  places.forEach((place, row) => {
    if (place) rows.add(place.data, place.row);
    else rows.add(none, row);
  });
  return rows.finish();
}

/**
 * The details of rows that were not computed: their value, no error, no tokens, and whether their text was cut as far as that is known. Rows that
 * are not known are null.
 */
export function knownDetails(type: Struct, mask: Uint8Array, value: Data, truncated?: Data): Data<Struct> {
  const { length } = mask;
  const children = type.children.map(({ name, type: field }) => {
    if (name === 'value') return value;
    if (name !== 'truncated') return nullData(field, length);
    return truncated ?? makeData({ type: new Bool(), length, nullCount: 0, data: new Uint8Array(bitmapBytes(length)) });
  });
  const nullBitmap = new Uint8Array(bitmapBytes(length));
  let known = 0;
  for (let row = 0; row < length; row++) {
    if (!mask[row]) continue;
    nullBitmap[row >> 3] |= 1 << (row & 7);
    known++;
  }
  return makeData({ type, length, nullCount: length - known, nullBitmap, children });
}

/** The rows in memory of their own: what is kept must not keep what it was read with, nor lie in memory that is used again. */
export function ownCopy(batch: RecordBatch): RecordBatch {
  return batchFromIpc(batchToIpc(batch));
}

/** The last part that starts at or before an entry. */
export function partOf(starts: readonly number[], entry: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}
