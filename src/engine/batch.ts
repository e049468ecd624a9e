import type { Candidates, Need, Search } from './search/search.js';

/** One document from the moment it is encoded until its search is done. Its place in the batch is its index in the scheduler's list. */
export interface Sequence {
  /** Where it came from, and where its result goes. */
  readonly index: number;
  readonly ids: Int32Array;
  readonly search: Search;
}

const ORDER = ['argmax', 'ranked', 'best', 'all'] as const;

/** The least that serves every search: the richest kind that one of them needs, and the largest count. */
export function joinNeeds(needs: readonly Need[]): Need {
  let kind: Need['kind'] = 'argmax';
  let count = 1;
  for (const need of needs) {
    if (ORDER.indexOf(need.kind) > ORDER.indexOf(kind)) kind = need.kind;
    if ('count' in need) count = Math.max(count, need.count);
  }
  return kind === 'ranked' || kind === 'best' ? { kind, count } : { kind };
}

/** The part of a step's answer that belongs to the rows of one document, without a copy. */
export function candidatesOf(all: Candidates, document: number, rows: number): Candidates {
  const { stride, ids, logits, logSumExp } = all;
  const begin = document * rows;
  const end = begin + rows;
  return {
    stride,
    ids: ids?.subarray(begin * stride, end * stride) ?? null,
    logits: logits?.subarray(begin * stride, end * stride) ?? null,
    logSumExp: logSumExp?.subarray(begin, end) ?? null,
  };
}
