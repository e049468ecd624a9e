/**
 * Tokens that would complete an n-gram which the row already has: every window that starts with the row's last n-1 tokens bans
 * its own last token. A scan of the row is cheaper than keeping a map of n-grams with each hypothesis.
 */
export function forEachRepeatedNgram(tokens: Int32Array, size: number, ban: (id: number) => void): void {
  const suffix = tokens.length - (size - 1);
  for (let start = 0; start + size <= tokens.length; start++) {
    if (endsLike(tokens, start, suffix, size - 1)) ban(tokens[start + size - 1]);
  }
}

/** The same for n-grams of the document (encoder_no_repeat_ngram_size). */
export function forEachSourceNgram(
  tokens: Int32Array,
  source: Int32Array,
  size: number,
  ban: (id: number) => void,
): void {
  const suffix = tokens.length - (size - 1);
  if (suffix < 0) return;
  for (let start = 0; start + size <= source.length; start++) {
    let same = true;
    for (let k = 0; same && k < size - 1; k++) same = source[start + k] === tokens[suffix + k];
    if (same) ban(source[start + size - 1]);
  }
}

/** Last tokens of the bad words that the row has all but the last token of. Words of one token are banned elsewhere. */
export function forEachBadWord(
  tokens: Int32Array,
  words: readonly (readonly number[])[],
  ban: (id: number) => void,
): void {
  for (const word of words) {
    const begun = word.length - 1;
    const from = tokens.length - begun;
    if (from < 0) continue;
    let same = true;
    for (let k = 0; same && k < begun; k++) same = tokens[from + k] === word[k];
    if (same) ban(word[begun]);
  }
}

function endsLike(tokens: Int32Array, start: number, suffix: number, count: number): boolean {
  for (let k = 0; k < count; k++) if (tokens[start + k] !== tokens[suffix + k]) return false;
  return true;
}
