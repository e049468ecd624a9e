/** The share of documents whose ids are the same, of those that both sides have. */
export function sameOutputs(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  const same = a.filter((ids, row) => ids.length === b[row].length && ids.every((id, i) => id === b[row][i]));
  return same.length / a.length;
}
