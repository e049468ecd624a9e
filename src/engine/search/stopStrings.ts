/** Text of token ids as the user will see it, special tokens left out. */
export type Decode = (ids: Int32Array) => string;

/** A character takes at most four tokens (bytes); a few more tokens keep the tail's first word whole and spaced. */
const EXTRA_TOKENS = 8;

/**
 * HF's StopStringCriteria in effect: true when the last token completes a stop string, that is, when the string occurs in the
 * text and reaches into what the last token added. A string that was complete before (in a forced prefix) does not count again.
 */
export class StopStrings {
  private readonly tail: number;

  constructor(
    private readonly strings: readonly string[],
    private readonly decode: Decode,
  ) {
    this.tail = EXTRA_TOKENS + Math.max(...strings.map((text) => Buffer.byteLength(text)));
  }

  endsWithOne(tokens: Int32Array): boolean {
    const recent = tokens.subarray(Math.max(0, tokens.length - this.tail));
    const text = this.decode(recent);
    if (!this.strings.some((wanted) => text.includes(wanted))) return false;
    // The text before may end in another character than the text after it has there (half a character of bytes).
    const before = this.decode(recent.subarray(0, recent.length - 1));
    let shared = 0;
    while (shared < before.length && before[shared] === text[shared]) shared++;
    return this.strings.some((wanted) => text.includes(wanted, Math.max(0, shared - wanted.length + 1)));
  }
}
