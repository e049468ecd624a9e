import { PrecisError } from '../../errors.js';
import { JsonProblem, JsonScanner } from './jsonScanner.js';
import { TextInput } from './textInput.js';

const LINE_FEED = 10;

/** The rows of a JSONL file one after the other. Blank lines are none. */
export class JsonLines {
  /** Of the current row, from 1. */
  line = 0;
  row = 0;
  private start = 0;
  private end = 0;
  private readonly scanner = new JsonScanner();

  private constructor(private readonly input: TextInput) {}

  static async open(path: string, signal?: AbortSignal): Promise<JsonLines> {
    return new JsonLines(await TextInput.open(path, 'jsonl', signal));
  }

  /** The next row, if the bytes that were read hold it; else `refill` gets more. */
  advance(): boolean {
    const { input, scanner } = this;
    for (;;) {
      const feed = input.bytes.indexOf(LINE_FEED, input.from);
      if (feed < 0 && !(input.ended && input.from < input.bytes.length)) return false;
      this.start = input.from;
      this.end = feed < 0 ? input.bytes.length : feed;
      this.line++;
      input.from = feed < 0 ? input.bytes.length : feed + 1;
      if (input.from > input.invalidAt) throw this.invalid();
      scanner.begin(input.bytes, this.start);
      scanner.peek();
      if (scanner.at < this.end) break;
    }
    this.row++;
    return true;
  }

  /** False at the end of the file. */
  async refill(): Promise<boolean> {
    if (this.input.ended) return false;
    await this.input.more();
    return true;
  }

  /** Has the row's object read; what is wrong with it is said with its line. */
  read(take: (scanner: JsonScanner) => void): void {
    const { scanner } = this;
    try {
      if (scanner.peek() !== 0x7b) throw scanner.unexpected('an object');
      take(scanner);
      scanner.peek();
      if (scanner.at < this.end) throw scanner.unexpected('the end of the line');
    } catch (error) {
      if (!(error instanceof JsonProblem)) throw error;
      throw new PrecisError('jsonl', {
        found: `${this.input.path} line ${this.line}, byte ${error.at - this.start + 1}: ${error.message}`,
        expected: 'one JSON object on each line',
        cause: error,
      });
    }
  }

  close(): Promise<void> {
    return this.input.close();
  }

  private invalid(): PrecisError {
    return new PrecisError('jsonl', {
      found: `${this.input.path} line ${this.line}: row ${this.row + 1} is not valid UTF-8`,
      expected: 'text in UTF-8',
      action: 'convert the file, for example with iconv',
    });
  }
}
