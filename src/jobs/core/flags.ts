/** Where a row's answers come from; `flags` of a segment. */
export const COMPUTED = 0;
export const FILTERED = 1;
export const CARRIED = 2;
export const CACHED = 3;
