/**
 * Letters and digits with what joins them inside of a word (don't, well-known, 2,479, 08:17); of scripts that put no
 * spaces between words, each sign is one.
 */
export const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]\p{M}*|(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}])[\p{L}\p{M}\p{N}]|(?<=[\p{L}\p{M}\p{N}])['\u2019-](?=[\p{L}\p{N}])|(?<=\p{N})[.,:](?=\p{N}))+/gu;

/** What n-grams and lengths are counted in: in lower case, composed, without the marks around. */
export function wordsOf(text: string): string[] {
  return plainWord(text).match(WORD) ?? [];
}

export function plainWord(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
