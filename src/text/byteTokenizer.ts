import { AddedTokenSplitter, type Stretch } from './addedTokens.js';
import { cleanUpSpaces, wellFormed } from './cleanUp.js';
import type { AddedToken, TokenizerFiles } from './tokenizerFiles.js';
import type { EncodeOptions, TokenizedText, Tokenizer } from './types.js';

const PAD = 0;
const END = 1;
const UNKNOWN = 2;
const FIRST_BYTE = 3;
const FIRST_EXTRA = FIRST_BYTE + 256;
const DEFAULT_EXTRA_IDS = 125;
const REPLACEMENT_BYTES = Buffer.from('\ufffd');

/** ByT5: one id a byte of UTF-8, after three special tokens and before the sentinels. Null for other tokenizers. */
export function readByteTokenizer(files: TokenizerFiles): Tokenizer | null {
  return files.json === null ? new ByteTokenizer(files) : null;
}

class ByteTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly defaultMaxTokens: number;
  readonly specialTokens = 1;
  private readonly splitter: AddedTokenSplitter;
  private readonly truncateLeft: boolean;
  private readonly cleanUp: boolean;

  constructor(files: TokenizerFiles) {
    const { extra_ids: extraIds } = files.config;
    const extras = Number.isInteger(extraIds) ? (extraIds as number) : DEFAULT_EXTRA_IDS;
    const tokens = [special(PAD, '<pad>'), special(END, '</s>'), special(UNKNOWN, '<unk>')];
    for (let i = 0; i < extras; i++) tokens.push(special(FIRST_EXTRA + i, `<extra_id_${i}>`));
    this.vocabSize = FIRST_EXTRA + extras;
    this.splitter = new AddedTokenSplitter(tokens);
    this.defaultMaxTokens = files.defaultMaxTokens;
    this.truncateLeft = files.truncateLeft;
    this.cleanUp = files.config.clean_up_tokenization_spaces === true;
  }

  encode(text: string, options: EncodeOptions = {}): TokenizedText {
    const room = Math.max(0, (options.maxTokens ?? this.defaultMaxTokens) - this.specialTokens);
    const ids: number[] = [];
    const stretches = [...this.splitter.split(wellFormed((options.prefix ?? '') + text))];
    for (const [i, stretch] of stretches.entries()) {
      if ('token' in stretch) {
        ids.push(stretch.token.id);
      } else {
        // <pad>, </s> and <unk> swallow the white space beside them; the sentinels do not.
        let plain = stretch.text;
        if (swallowsSpace(stretches[i - 1])) plain = plain.trimStart();
        if (swallowsSpace(stretches[i + 1])) plain = plain.trimEnd();
        // One character more than fits is enough to know that the text is cut.
        const bytes = Buffer.from(this.truncateLeft ? plain : plain.slice(0, Math.max(0, room + 2 - ids.length)));
        for (const byte of bytes) ids.push(byte + FIRST_BYTE);
      }
      if (ids.length > room && !this.truncateLeft) break;
    }
    const truncated = ids.length > room;
    const kept = !truncated ? ids : this.truncateLeft ? ids.slice(ids.length - room) : ids.slice(0, room);
    if (kept.at(-1) !== END) kept.push(END);
    return { ids: Int32Array.from(kept), truncated };
  }

  decode(ids: ArrayLike<number>): string {
    const bytes: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      if (ids[i] >= FIRST_BYTE && ids[i] < FIRST_EXTRA) bytes.push(ids[i] - FIRST_BYTE);
    }
    const text = decodeIgnoringErrors(Buffer.from(bytes));
    return this.cleanUp ? cleanUpSpaces(text) : text;
  }
}

function special(id: number, content: string): AddedToken {
  return { id, content, special: true, normalized: false, single_word: false };
}

function swallowsSpace(stretch: Stretch | undefined): boolean {
  return stretch !== undefined && 'token' in stretch && stretch.token.id < FIRST_BYTE;
}

/** Python's `decode(errors="ignore")`: broken sequences vanish; a replacement character that was really there stays. */
function decodeIgnoringErrors(bytes: Buffer): string {
  const parts: string[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(REPLACEMENT_BYTES, start);
    const end = found < 0 ? bytes.length : found;
    parts.push(bytes.toString('utf8', start, end).replaceAll('\ufffd', ''));
    start = end + REPLACEMENT_BYTES.length;
    if (found < 0) break;
  }
  return parts.join('\ufffd');
}
