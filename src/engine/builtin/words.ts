/** Unicode's White_Space, by its code unit. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x85) return false;
  if (code === 0x85 || code === 0xa0 || code === 0x1680 || code === 0x3000) return true;
  return code >= 0x2000 && (code <= 0x200a || code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f);
}

/** The words of a text, which are what models without weights have for tokens: runs of anything but white space. */
export function countWords(text: string): number {
  let words = 0;
  let wasSpace = true;
  for (let i = 0; i < text.length; i++) {
    const space = isSpace(text.charCodeAt(i));
    if (wasSpace && !space) words++;
    wasSpace = space;
  }
  return words;
}

/** The text up to the end of its `count`-th word; the very same text when it has no more words. */
export function firstWords(text: string, count: number): string {
  let words = 0;
  let end = 0;
  for (let i = 0; i < text.length; i++) {
    if (isSpace(text.charCodeAt(i))) continue;
    const begins = i === 0 || isSpace(text.charCodeAt(i - 1));
    if (begins && ++words > count) return text.slice(0, end);
    end = i + 1;
  }
  return text;
}
