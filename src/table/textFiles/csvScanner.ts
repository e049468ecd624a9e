const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const QUOTE = 34;

/** How a cell was written; a quoted one whose quotes are doubled has to be joined from pieces. */
export const BARE = 0;
export const QUOTED = 1;
export const DOUBLED = 2;

export type ScanResult = 'record' | 'incomplete' | 'unclosed' | 'after-quote';

/** Finds the cells of one record at a time in bytes of UTF-8. Nothing is copied: cells are positions. */
export class CsvScanner {
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  kinds = new Uint8Array(64);
  /** Of the record found last: its cells, where the next one begins, and the line breaks in it, its own included. */
  count = 0;
  next = 0;
  breaks = 0;
  private readonly stops = new Uint8Array(256);

  constructor(private readonly delimiter: Buffer) {
    for (const byte of [LINE_FEED, CARRIAGE_RETURN, delimiter[0]]) this.stops[byte] = 1;
  }

  /** The record that begins at `from`; incomplete if it may go on after these bytes, of which `ended` says there are no more. */
  scan(bytes: Buffer, from: number, ended: boolean): ScanResult {
    this.count = 0;
    this.breaks = 0;
    for (let at = from; ; at += this.delimiter.length) {
      if (bytes[at] === QUOTE) {
        const end = this.quoted(bytes, at + 1);
        if (end < 0) return ended ? 'unclosed' : 'incomplete';
        at = end + 1;
      } else {
        at = this.bare(bytes, at);
      }
      const left = bytes.length - at;
      // A carriage return wants to see whether a line feed follows, a delimiter of several bytes its other bytes.
      if (left < this.delimiter.length + 1 && !ended) return 'incomplete';
      if (left > 0 && this.isDelimiter(bytes, at)) continue;
      if (left > 0 && bytes[at] !== LINE_FEED && bytes[at] !== CARRIAGE_RETURN) return 'after-quote';
      if (left > 0) this.breaks++;
      const pair = bytes[at] === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED;
      this.next = left > 0 ? at + (pair ? 2 : 1) : at;
      return 'record';
    }
  }

  private bare(bytes: Buffer, start: number): number {
    const { length } = bytes;
    const { stops } = this;
    let at = start;
    while (at < length && (stops[bytes[at]] === 0 || !this.endsCell(bytes, at))) at++;
    this.push(start, at, BARE);
    return at;
  }

  /** Where the closing quote stands, or -1. */
  private quoted(bytes: Buffer, start: number): number {
    const { length } = bytes;
    let kind = QUOTED;
    for (let at = start; at < length; at++) {
      const byte = bytes[at];
      // Nearly all text is above these, so most bytes cost one comparison.
      if (byte > QUOTE) continue;
      if (byte === QUOTE) {
        if (bytes[at + 1] !== QUOTE) {
          this.push(start, at, kind);
          return at;
        }
        kind = DOUBLED;
        at++;
      } else if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && bytes[at + 1] !== LINE_FEED)) {
        this.breaks++;
      }
    }
    return -1;
  }

  private endsCell(bytes: Buffer, at: number): boolean {
    return bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN || this.isDelimiter(bytes, at);
  }

  private isDelimiter(bytes: Buffer, at: number): boolean {
    const { delimiter } = this;
    for (let i = 0; i < delimiter.length; i++) if (bytes[at + i] !== delimiter[i]) return false;
    return true;
  }

  private push(start: number, end: number, kind: number): void {
    if (this.count === this.starts.length) {
      this.starts = longer(this.starts);
      this.ends = longer(this.ends);
      const kinds = new Uint8Array(this.kinds.length * 2);
      kinds.set(this.kinds);
      this.kinds = kinds;
    }
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.kinds[this.count++] = kind;
  }
}

function longer(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}
