/** What is wrong with a JSON text, and where in its bytes. */
export class JsonProblem extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MOST_DEPTH = 200;
/** By the byte after the backslash. */
const ESCAPES: readonly (Uint8Array | undefined)[] = simpleEscapes();

/**
 * Walks over one JSON value in bytes of UTF-8 (RFC 8259, nothing more). Strings and numbers are given as positions, so that long texts are copied and numbers
 * keep their digits. The value ends before a control character or the end of the bytes, so no step asks for the end.
 */
export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Of the string or number that was read last, without its quotes. */
  start = 0;
  end = 0;
  /** Of the string: it holds escapes. Of the number: it has no fraction and no exponent. */
  escaped = false;
  whole = false;
  private depth = 0;

  begin(bytes: Uint8Array, at: number): void {
    this.bytes = bytes;
    this.at = at;
    this.depth = 0;
  }

  /** The first byte of what comes next. */
  peek(): number {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return byte;
      this.at++;
    }
  }

  string(): void {
    const { bytes } = this;
    this.start = this.at + 1;
    this.escaped = false;
    for (let at = this.start; ; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.end = at;
        this.at = at + 1;
        if (this.escaped) this.unescape(() => undefined);
        return;
      }
      if (byte === BACKSLASH) {
        this.escaped = true;
        at++;
      }
      if (!(bytes[at] >= 0x20)) throw new JsonProblem('a text is not closed or holds a bare control character', at);
    }
  }

  /** The pieces of the string read last, in order: bytes as they stand, and what its escapes mean. */
  unescape(piece: (bytes: Uint8Array, from: number, to: number) => void): void {
    const { bytes, end } = this;
    let from = this.start;
    for (let at = from; at < end; ) {
      if (bytes[at] !== BACKSLASH) {
        at++;
        continue;
      }
      piece(bytes, from, at);
      const simple = ESCAPES[bytes[at + 1]];
      if (simple) {
        piece(simple, 0, 1);
        at += 2;
      } else {
        const text = this.unicodeEscape(at);
        const meant = Buffer.from(text);
        piece(meant, 0, meant.length);
        at += text.length * 6;
      }
      from = at;
    }
    piece(bytes, from, end);
  }

  /** The string read last. */
  text(): string {
    const pieces: Buffer[] = [];
    this.unescape((bytes, from, to) => pieces.push(Buffer.from(bytes.subarray(from, to))));
    return Buffer.concat(pieces).toString();
  }

  number(): void {
    const { bytes } = this;
    this.start = this.at;
    let at = this.at;
    const digits = () => {
      const first = at;
      while (bytes[at] >= 0x30 && bytes[at] <= 0x39) at++;
      if (at === first) throw new JsonProblem('a number lacks a digit', at);
    };
    if (bytes[at] === 0x2d) at++;
    if (bytes[at] === 0x30) at++;
    else digits();
    this.whole = true;
    if (bytes[at] === 0x2e) {
      this.whole = false;
      at++;
      digits();
    }
    if (bytes[at] === 0x65 || bytes[at] === 0x45) {
      this.whole = false;
      at++;
      if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
      digits();
    }
    this.end = at;
    this.at = at;
  }

  digits(): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.start, this.end - this.start).toString('latin1');
  }

  /** `true`, `false` or `null`, of which the first byte was seen. */
  word(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.at + i] !== word.charCodeAt(i)) throw this.unexpected('a value');
    }
    this.at += word.length;
  }

  /** Calls for each key, which `start` and `end` give, with the scanner before its value. */
  object(entry: () => void): void {
    this.enclosed(0x7d, () => {
      if (this.peek() !== QUOTE) throw this.unexpected('a key in quotes');
      this.string();
      if (this.peek() !== 0x3a) throw this.unexpected('a colon');
      this.at++;
      this.peek();
      entry();
    });
  }

  list(item: () => void): void {
    this.enclosed(0x5d, () => {
      this.peek();
      item();
    });
  }

  /** Over a value of any kind that nobody wants to know more about; its keys are still looked at. */
  skip(): void {
    switch (this.peek()) {
      case 0x7b: {
        const keys = new Set<string>();
        this.object(() => {
          const key = this.text();
          if (keys.has(key)) throw this.twice(key);
          keys.add(key);
          this.skip();
        });
        return;
      }
      case 0x5b:
        this.list(() => this.skip());
        return;
      case QUOTE:
        this.string();
        return;
      case 0x74:
        this.word('true');
        return;
      case 0x66:
        this.word('false');
        return;
      case 0x6e:
        this.word('null');
        return;
      default:
        if (!this.atNumber()) throw this.unexpected('a value');
        this.number();
    }
  }

  atNumber(): boolean {
    const byte = this.bytes[this.at];
    return byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
  }

  twice(key: string): JsonProblem {
    return new JsonProblem(`the key ${JSON.stringify(key)} stands twice in one object`, this.start - 1);
  }

  unexpected(expected: string): JsonProblem {
    const byte = this.bytes[this.at];
    const nothing = byte === undefined || byte === 0x0a;
    const found = nothing ? 'the end of the line' : JSON.stringify(characterAt(this.bytes, this.at));
    return new JsonProblem(`${found} where ${expected} should be`, this.at);
  }

  private enclosed(close: number, part: () => void): void {
    if (++this.depth > MOST_DEPTH) throw new JsonProblem(`nested more than ${MOST_DEPTH} deep`, this.at);
    this.at++;
    if (this.peek() === close) this.at++;
    else {
      for (;;) {
        part();
        const byte = this.peek();
        if (byte === 0x2c) this.at++;
        else if (byte === close) {
          this.at++;
          break;
        } else throw this.unexpected(`a comma or ${close === 0x7d ? 'a closing brace' : 'a closing bracket'}`);
      }
    }
    this.depth--;
  }

  /** One UTF-16 unit is six bytes of escape. */
  private unicodeEscape(at: number): string {
    const letter = String.fromCharCode(this.bytes[at + 1]);
    if (letter !== 'u') throw new JsonProblem(`\\${letter} is no escape of JSON`, at);
    const unit = this.codeUnit(at);
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    const second = unit < 0xdc00 && this.bytes[at + 6] === BACKSLASH ? this.codeUnit(at + 6) : 0;
    if (second >= 0xdc00 && second <= 0xdfff) return String.fromCharCode(unit, second);
    throw new JsonProblem(`\\u${unit.toString(16)} is half of a pair: no character, and UTF-8 cannot hold it`, at);
  }

  private codeUnit(at: number): number {
    const hex = Buffer.from(this.bytes.subarray(at + 1, at + 6)).toString('latin1');
    if (!/^u[0-9a-f]{4}$/i.test(hex)) throw new JsonProblem('\\u wants four hexadecimal digits', at);
    return Number.parseInt(hex.slice(1), 16);
  }
}

function characterAt(bytes: Uint8Array, at: number): string {
  return [...Buffer.from(bytes.subarray(at, at + 4)).toString()][0];
}

function simpleEscapes(): (Uint8Array | undefined)[] {
  const meanings: Readonly<Record<string, string>> = {
    '"': '"',
    '\\': '\\',
    '/': '/',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
  };
  const table: (Uint8Array | undefined)[] = new Array(256);
  for (const [letter, meaning] of Object.entries(meanings)) table[letter.charCodeAt(0)] = Buffer.from(meaning);
  return table;
}
