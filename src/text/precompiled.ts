/** Intl.Segmenter takes time quadratic in the length of what it is given. */
const WINDOW = 256;
/** Where a grapheme surely ends: before a character that extends nothing, after one that does not bind to the right. */
const GRAPHEME_END =
  /(?<![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\u1100-\u115f\ua960-\ua97c\u{10000}-\u{1d7ff}]|\u200d)(?=[\p{L}\p{N}\p{P}\p{S}])(?!\u0e33|\u0eb3|\uff9e|\uff9f|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]|[\u{1f1e6}-\u{1f1ff}]|[\u{1f3fb}-\u{1f3ff}])/gu;

/**
 * SentencePiece's precompiled character map, read exactly as Hugging Face's tokenizers reads it: a double-array trie
 * from UTF-8 to offsets in a block of zero-terminated replacements. (The NFKC of the JavaScript engine is close to it
 * but newer than the map that the vocabulary was trained with, so that some characters would get other tokens.)
 */
export class PrecompiledNormalizer {
  private readonly units: Uint32Array;
  private readonly replacements: Buffer;
  private readonly asciiMap: readonly string[];
  /** False when every printable ASCII character stands for itself: then plain text needs no work at all. */
  private readonly changesPrintable: boolean;
  private readonly known = new Map<string, string>();
  private readonly graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

  constructor(charsmap: Buffer) {
    const trieBytes = charsmap.length >= 4 ? charsmap.readUInt32LE(0) : -1;
    if (trieBytes <= 0 || trieBytes % 4 !== 0 || 4 + trieBytes > charsmap.length) {
      throw new Error(`precompiled_charsmap has a trie of ${trieBytes} bytes in a block of ${charsmap.length}`);
    }
    this.units = new Uint32Array(trieBytes / 4);
    for (let i = 0; i < this.units.length; i++) this.units[i] = charsmap.readUInt32LE(4 + 4 * i);
    this.replacements = charsmap.subarray(4 + trieBytes);
    this.asciiMap = Array.from({ length: 128 }, (_, code) => {
      const char = String.fromCharCode(code);
      return this.replacement(char) ?? char;
    });
    this.changesPrintable = this.asciiMap.some(
      (mapped, code) => code >= 32 && code < 127 && mapped.charCodeAt(0) !== code,
    );
  }

  normalize(text: string): string {
    if (!this.changesPrintable && !/[^ -~]/.test(text)) return text;
    let out = '';
    let done = 0;
    // A grapheme of more than one character needs a character beyond ASCII (or is CR LF, whose halves are both spaces):
    // only those stretches, with the ASCII neighbours that may belong to a grapheme, go through the segmenter.
    for (const match of text.matchAll(/\p{ASCII}?(?:\P{ASCII}+\p{ASCII}?)+/gu)) {
      out += this.normalizeAscii(text.slice(done, match.index));
      for (const window of windowsOf(match[0])) {
        for (const { segment } of this.graphemes.segment(window)) out += this.normalizeGrapheme(segment);
      }
      done = match.index + match[0].length;
    }
    return out + this.normalizeAscii(text.slice(done));
  }

  private normalizeAscii(text: string): string {
    let out = '';
    for (let i = 0; i < text.length; i++) out += this.asciiMap[text.charCodeAt(i)];
    return out;
  }

  private normalizeGrapheme(grapheme: string): string {
    let mapped = this.known.get(grapheme);
    if (mapped === undefined) {
      const whole = Buffer.byteLength(grapheme) < 6 ? this.replacement(grapheme) : null;
      mapped = whole ?? Array.from(grapheme, (char) => this.replacement(char) ?? char).join('');
      if (this.known.size >= 50_000) this.known.clear();
      this.known.set(grapheme, mapped);
    }
    return mapped;
  }

  /**
   * The replacement of the shortest prefix that has one, standing for the whole piece: what follows the prefix is lost.
   * That is what the reference does, and the ids of its models depend on it.
   */
  private replacement(piece: string): string | null {
    const { units } = this;
    let position = offsetOf(units[0]);
    for (const byte of Buffer.from(piece)) {
      if (byte === 0) return null;
      position = (position ^ byte) >>> 0;
      if (position >= units.length) return null;
      const unit = units[position];
      if ((unit & 0x800000ff) >>> 0 !== byte) return null;
      position = (position ^ offsetOf(unit)) >>> 0;
      if ((unit >>> 8) & 1) {
        const start = units[position] & 0x7fffffff;
        const end = this.replacements.indexOf(0, start);
        return this.replacements.toString('utf8', start, end < 0 ? undefined : end);
      }
    }
    return null;
  }
}

function* windowsOf(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > WINDOW) {
    GRAPHEME_END.lastIndex = start + WINDOW;
    if (!GRAPHEME_END.test(text)) break;
    yield text.slice(start, GRAPHEME_END.lastIndex);
    start = GRAPHEME_END.lastIndex;
  }
  yield text.slice(start);
}

function offsetOf(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}
