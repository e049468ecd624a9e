import { PrecisError } from '../../errors.js';
import type { CsvDialect } from './csvDialect.js';
import { BARE, CsvScanner, DOUBLED } from './csvScanner.js';
import { TextInput } from './textInput.js';
import type { Utf8Builder } from './utf8Builder.js';

const QUOTE = 34;

/** The records of a CSV file one after the other, each with the line on which it begins. */
export class CsvRecords {
  /** Of the current record. */
  line = 1;
  /** Data records so far, the current one included; 0 at a header. */
  row: number;
  private nextLine = 1;

  private constructor(
    private readonly input: TextInput,
    private readonly scanner: CsvScanner,
    hasHeader: boolean,
  ) {
    this.row = hasHeader ? -1 : 0;
  }

  static async open(path: string, dialect: CsvDialect, signal?: AbortSignal): Promise<CsvRecords> {
    const input = await TextInput.open(path, 'csv', signal);
    return new CsvRecords(input, new CsvScanner(Buffer.from(dialect.delimiter)), dialect.header);
  }

  get cells(): number {
    return this.scanner.count;
  }

  get blank(): boolean {
    const { scanner } = this;
    return scanner.count === 1 && scanner.kinds[0] === BARE && scanner.starts[0] === scanner.ends[0];
  }

  /** The next record, if the bytes that were read hold it; else `refill` gets more. */
  advance(): boolean {
    const { input, scanner } = this;
    if (input.from === input.bytes.length) return false;
    const result = scanner.scan(input.bytes, input.from, input.ended);
    if (result === 'incomplete') return false;
    this.line = this.nextLine;
    this.row++;
    if (result === 'unclosed') throw this.unclosed();
    if (result === 'after-quote') throw this.textAfterQuote();
    if (scanner.next > input.invalidAt) throw this.invalid();
    this.nextLine += scanner.breaks;
    input.from = scanner.next;
    return true;
  }

  /** False at the end of the file. */
  async refill(): Promise<boolean> {
    if (this.input.ended) return false;
    await this.input.more();
    return true;
  }

  /** The next record that is no blank line; false at the end. For the first of a file. */
  async first(): Promise<boolean> {
    for (;;) {
      if (this.advance()) {
        if (!this.blank) return true;
        this.row--;
      } else if (!(await this.refill())) return false;
    }
  }

  texts(): string[] {
    return Array.from({ length: this.cells }, (_, i) => {
      const text = this.input.bytes.toString('utf8', this.scanner.starts[i], this.scanner.ends[i]);
      return this.scanner.kinds[i] === DOUBLED ? text.replaceAll('""', '"') : text;
    });
  }

  /** A bare empty cell is null, a quoted one is an empty text. */
  copyCell(cell: number, builder: Utf8Builder): void {
    const { bytes } = this.input;
    const [start, end, kind] = [this.scanner.starts[cell], this.scanner.ends[cell], this.scanner.kinds[cell]];
    if (kind === BARE && start === end) {
      builder.nextNull();
      return;
    }
    if (kind !== DOUBLED) builder.add(bytes, start, end);
    else addHalvingQuotes(bytes, start, end, builder);
    builder.next();
  }

  close(): Promise<void> {
    return this.input.close();
  }

  private unclosed(): PrecisError {
    return new PrecisError('csv', {
      found: `${this.input.path} ends within a quoted field of the record that begins on line ${this.line}`,
      expected: 'a closing quote',
    });
  }

  private textAfterQuote(): PrecisError {
    return new PrecisError('csv', {
      found: `${this.input.path} line ${this.line}: field ${this.cells} goes on after its closing quote`,
      expected: 'a delimiter or the end of the line',
      action: 'double the quotes that belong to the text, or name the delimiter if it is another',
    });
  }

  private invalid(): PrecisError {
    return new PrecisError('csv', {
      found: `${this.input.path} line ${this.line}: ${this.row > 0 ? `row ${this.row}` : 'the header'} is not valid UTF-8`,
      expected: 'text in UTF-8',
      action: 'convert the file, for example with iconv',
    });
  }
}

function addHalvingQuotes(bytes: Buffer, start: number, end: number, builder: Utf8Builder): void {
  for (let at = start; at < end; ) {
    const quote = bytes.indexOf(QUOTE, at);
    const stop = quote < 0 || quote >= end ? end : quote + 1;
    builder.add(bytes, at, stop);
    at = stop + 1;
  }
}
