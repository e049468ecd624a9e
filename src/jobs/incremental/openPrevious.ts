import { type Data, DataType, Field, type RecordBatch, Schema, type Struct } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { batchOf } from '../../table/columns.js';
import { batchBytes } from '../../table/data/batchBytes.js';
import type { Cast } from '../../table/delta/castParts.js';
import type { Source } from '../../table/types.js';
import { nothingKnown } from '../carry/compose.js';
import { FingerprintIndex } from '../carry/fingerprintIndex.js';
import { columnData, Fingerprinter, WORDS } from '../carry/fingerprints.js';
import { gathered, knownDetails, ownCopy, partOf } from '../carry/knownDetails.js';
import type { Known, KnownRows } from '../known.js';
import { answerCast, checkPrevious, comparison } from './checkPrevious.js';
import { hasColumn, type PreviousOptions, textColumns } from './previousOptions.js';

export type { PreviousColumn, PreviousOptions } from './previousOptions.js';

/** What was found in the last output. */
export interface Previous extends KnownRows {
  /** Rows whose answers can be taken over. */
  readonly rows: number;
  /** What they take in memory. */
  readonly bytes: number;
}

/**
 * The answers of the last output: a row is known if a row of its key was there with the same texts and did not fail. A row without a whole key never
 * is. A key that stands twice is no matter: an answer follows from the texts alone, so each row takes that of its key and its own texts.
 *
 * All of it is in memory: the answers as Arrow keeps them, and 21 to 27 bytes a row to find them. Reading takes a pass over key, texts and answers.
 */
export async function openPrevious(options: PreviousOptions): Promise<Previous> {
  const { output, isSameWork, columns, signal } = options;
  if (!output || !isSameWork) {
    return { ...nothingKnown(columns.map(({ details }) => details)), rows: 0, bytes: 0 };
  }
  checkPrevious(output, options);
  const previous = new PreviousRows(output, options);
  for await (const batch of output.batches({ columns: previous.reads, signal })) previous.add(batch);
  return previous;
}

class PreviousRows implements Previous {
  /** The columns of the last output that are needed. */
  readonly reads: readonly string[];
  private index = new FingerprintIndex();
  /** Of each column the answers, a chunk a batch, and the entry that each chunk begins with. */
  private chunks: (readonly Data[])[] = [];
  private starts: number[] = [];
  private answerBytes = 0;
  private readonly was: Fingerprinter;
  private readonly is: Fingerprinter;
  private readonly casts: readonly Cast[];
  private readonly types: readonly Struct[];
  private readonly errorColumn: string | null;

  constructor(
    output: Source,
    private readonly options: PreviousOptions,
  ) {
    const { key, columns, source, errorColumn } = options;
    const texts = textColumns(columns);
    const compared = [...key.map((name) => [name, true] as const), ...texts.map((name) => [name, false] as const)];
    this.was = new Fingerprinter(compared.map(([name]) => ({ name })));
    this.is = new Fingerprinter(compared.map(([name, isKey]) => comparison(output, source, name, isKey)));
    this.casts = columns.map((column) => answerCast(output, column));
    this.types = columns.map(({ details }) => details);
    this.errorColumn = errorColumn !== null && hasColumn(output.schema, errorColumn) ? errorColumn : null;
    const errors = this.errorColumn === null ? [] : [this.errorColumn];
    this.reads = [...new Set([...key, ...texts, ...columns.map(({ name }) => name), ...errors])];
  }

  get bytes(): number {
    return this.answerBytes + this.index.bytes;
  }

  get rows(): number {
    return this.index.size;
  }

  add(batch: RecordBatch): void {
    const kept = this.answered(batch);
    if (kept.length === 0) return;
    const words = this.was.of(batch);
    const { columns } = this.options;
    const answers = columns.map(({ name }, i) => {
      const data = this.casts[i](columnData(batch, name));
      return gathered(
        data.type,
        kept.map((row) => ({ data, row })),
      );
    });
    const fields = answers.map(({ type }, i) => new Field(`${i}`, type, true));
    const copy = ownCopy(batchOf(new Schema(fields), answers, kept.length));
    this.starts.push(this.index.size);
    this.chunks.push(copy.data.children);
    this.answerBytes += batchBytes(copy);
    for (const row of kept) this.index.add(words, row * WORDS);
  }

  /** The rows whose answers can be taken: an answer may only be missing where nothing was asked. */
  private answered(batch: RecordBatch): number[] {
    const column = (name: string) => columnData(batch, name);
    const keys = this.options.key.map(column);
    const errors = this.errorColumn === null ? null : column(this.errorColumn);
    const columns = this.options.columns.map(({ name, texts }) => ({ value: column(name), texts: texts.map(column) }));
    const rows: number[] = [];
    for (let row = 0; row < batch.numRows; row++) {
      if (keys.some((key) => !isThere(key, row)) || (errors && isThere(errors, row))) continue;
      if (columns.every(({ value, texts }) => isThere(value, row) || !texts.some((text) => isThere(text, row))))
        rows.push(row);
    }
    return rows;
  }

  async lookup(batch: RecordBatch): Promise<Known> {
    const words = this.is.of(batch);
    const keys = this.options.key.map((name) => columnData(batch, name));
    const mask = new Uint8Array(batch.numRows);
    const entries = Array.from(mask, (_, row) => {
      const entry = keys.every((key) => isThere(key, row)) ? this.index.find(words, row * WORDS) : -1;
      mask[row] = Number(entry !== -1);
      return entry;
    });
    const places = entries.map((entry) => {
      if (entry === -1) return null;
      const part = partOf(this.starts, entry);
      return { part, row: entry - this.starts[part] };
    });
    const details = this.types.map((type, column) => {
      const value = gathered(
        valueType(type),
        places.map((place) => place && { data: this.chunks[place.part][column], row: place.row }),
      );
      return knownDetails(type, mask, value);
    });
    return { mask, details };
  }

  /** The output itself is what the next run takes over. */
  async learn(): Promise<void> {}

  async close(): Promise<void> {
    this.index = new FingerprintIndex();
    this.chunks = [];
    this.starts = [];
  }
}

function valueType(details: Struct): Data['type'] {
  const field = details.children.find(({ name }) => name === 'value');
  if (field) return field.type;
  throw new PrecisError('internal', { found: `details of type ${details}`, expected: 'a field value' });
}

/** Also of a dictionary, whose entry may be the null. */
function isThere(data: Data, row: number): boolean {
  if (DataType.isNull(data.type) || !data.getValid(row)) return false;
  return !data.dictionary || data.dictionary.isValid(Number(data.values[row]));
}
