import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { type ErrorScope, PrecisError } from '../../errors.js';
import { readProblem } from '../../files/problems.js';

const CHUNK_BYTES = 1024 * 1024;
/** A longer record is taken for a quote that never closes or a file of another kind: memory must stay bounded. */
const MOST_RECORD_BYTES = 256 * 1024 * 1024;
const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['UTF-32', [0xff, 0xfe, 0, 0]],
  ['UTF-32', [0, 0, 0xfe, 0xff]],
  ['UTF-16', [0xff, 0xfe]],
  ['UTF-16', [0xfe, 0xff]],
];

/** A file of text read from front to back through a window of bytes; what lies before `from` was used and goes when more is read. */
export class TextInput {
  /** The window: `from` up to its end is unused. Replaced by `more`. */
  bytes: Buffer = Buffer.alloc(0);
  from = 0;
  /** The file ends where the window ends. */
  ended = false;
  /** Where in the window the first bytes stand that are not UTF-8; infinite where all are. */
  invalidAt = Number.POSITIVE_INFINITY;
  private checked = 0;

  private constructor(
    readonly path: string,
    private readonly scope: ErrorScope,
    private readonly file: FileHandle,
    private readonly signal?: AbortSignal,
  ) {}

  /** A UTF-8 byte order mark is skipped, those of other encodings are refused by name. */
  static async open(path: string, scope: ErrorScope, signal?: AbortSignal): Promise<TextInput> {
    try {
      const input = new TextInput(path, scope, await open(path), signal);
      try {
        await input.more();
        input.skipByteOrderMark();
      } catch (error) {
        await input.close();
        throw error;
      }
      return input;
    } catch (error) {
      throw readProblem(error, path, scope);
    }
  }

  /** Lengthens the window, after dropping what was used. */
  async more(): Promise<void> {
    this.signal?.throwIfAborted();
    const unused = this.bytes.length - this.from;
    if (unused > MOST_RECORD_BYTES) {
      throw new PrecisError(this.scope, {
        found: `${this.path} has a record of more than ${MOST_RECORD_BYTES / 1024 / 1024} MB`,
        expected: 'shorter ones',
        action: 'look for a quote that is not closed',
      });
    }
    // As much again as is there already: a long record is scanned anew each time, and must not be so too often.
    const next = Buffer.allocUnsafe(unused + Math.max(CHUNK_BYTES, unused));
    this.bytes.copy(next, 0, this.from);
    const { bytesRead } = await this.file.read(next, unused, next.length - unused);
    this.ended = bytesRead === 0;
    this.invalidAt -= this.from;
    this.checked = Math.max(0, this.checked - this.from);
    this.from = 0;
    this.bytes = next.subarray(0, unused + bytesRead);
    this.check();
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private check(): void {
    if (this.invalidAt !== Number.POSITIVE_INFINITY) return;
    const end = this.ended ? this.bytes.length : wholeCharacters(this.bytes, this.bytes.length);
    if (isUtf8(this.bytes.subarray(this.checked, end))) this.checked = end;
    else this.invalidAt = this.checked + firstInvalid(this.bytes.subarray(this.checked, end));
  }

  private skipByteOrderMark(): void {
    const starts = (mark: readonly number[]) => mark.every((byte, i) => this.bytes[i] === byte);
    const other = BYTE_ORDER_MARKS.find(([, mark]) => starts(mark));
    if (other) {
      throw new PrecisError(this.scope, {
        found: `${this.path} is ${other[0]}`,
        expected: 'UTF-8',
        action: `convert it, for example with iconv -f ${other[0]} -t UTF-8`,
      });
    }
    if (starts([0xef, 0xbb, 0xbf])) this.from = 3;
  }
}

/** Up to where the first `length` bytes are whole characters. */
function wholeCharacters(bytes: Buffer, length: number): number {
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte > 0xf4 || byte < 0xc2 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return needed > back ? length - back : length;
  }
  return length;
}

/** Where bytes that are not all UTF-8 first are not: the shortest beginning that cannot become valid, by halving. */
function firstInvalid(bytes: Buffer): number {
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, wholeCharacters(bytes, middle)))) valid = middle;
    else invalid = middle;
  }
  return invalid - 1;
}
