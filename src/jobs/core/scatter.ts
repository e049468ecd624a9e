import type { Data, DataType } from 'apache-arrow';
import { concatData } from '../../table/data/concatData.js';
import { nullData } from '../../table/data/nullData.js';
import { CACHED, CARRIED, COMPUTED } from './flags.js';

/** One column of a batch's rows: those that were computed in their order, those known from before where they lie, nulls for the rest. */
export function scatter(
  type: DataType,
  flags: Uint8Array,
  computed: Data | null,
  known: { readonly [flag: number]: Data | undefined },
): Data {
  const parts: Data[] = [];
  let taken = 0;
  for (let row = 0; row < flags.length; ) {
    const begin = row;
    const flag = flags[row];
    while (row < flags.length && flags[row] === flag) row++;
    const count = row - begin;
    if (flag === COMPUTED) {
      parts.push(computed!.slice(taken, count));
      taken += count;
    } else if (flag === CARRIED || flag === CACHED) {
      parts.push(known[flag]!.slice(begin, count));
    } else {
      parts.push(nullData(type, count));
    }
  }
  if (parts.length === 0) return nullData(type, 0);
  return parts.length === 1 ? parts[0] : concatData(parts);
}
