import type { RecordBatch, Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { requireText } from '../table/columns.js';
import { type TextView, textView } from './texts/textView.js';

/** What a function over texts reads: a text for each row, or none. Made by `col`, `lit` and `concat`. */
export interface TextInput {
  /** By name; known before anything is read, so that nothing else has to be. */
  readonly columns: readonly string[];
  /** Whether a row may have no text. Refuses a schema without these columns or where they are not text. */
  nullable(schema: Schema): boolean;
  texts(batch: RecordBatch): TextView;
}

/** Where a text is wanted: a column's name, or an expression of columns. */
export type ColumnInput = string | TextInput;

const LABEL = 'the table';

/** A column of text (utf8, large utf8 or a dictionary of text). */
export function col(name: string): TextInput {
  if (typeof name !== 'string' || name === '') {
    throw new PrecisError('usage', { found: `col(${JSON.stringify(name)})`, expected: "a column's name" });
  }
  return {
    columns: [name],
    nullable: (schema) => requireText(schema, name, LABEL).nullable,
    texts: (batch) => textView(batch.getChild(name)!.data[0]),
  };
}

/** The same text in every row. */
export function lit(value: string): TextInput {
  if (typeof value !== 'string') {
    throw new PrecisError('usage', { found: `lit(${JSON.stringify(value)})`, expected: 'a text' });
  }
  const bytes = new TextEncoder().encode(value);
  return {
    columns: [],
    nullable: () => false,
    texts: ({ numRows }) => ({
      length: numRows,
      bytes,
      starts: new Int32Array(numRows),
      ends: new Int32Array(numRows).fill(bytes.length),
      valid: null,
    }),
  };
}

/** The texts of all parts one after the other; a name is a column. As in SQL, a row in which any part is null is null. */
export function concat(...parts: readonly ColumnInput[]): TextInput {
  if (parts.length === 0) throw new PrecisError('usage', { found: 'concat()', expected: 'at least one part' });
  const inputs = parts.map(textInput);
  return {
    columns: [...new Set(inputs.flatMap((input) => input.columns))],
    // All are asked, so that every one is checked.
    nullable: (schema) => inputs.map((input) => input.nullable(schema)).includes(true),
    texts: (batch) =>
      joinedTexts(
        inputs.map((input) => input.texts(batch)),
        batch.numRows,
      ),
  };
}

export function textInput(input: ColumnInput): TextInput {
  if (typeof input === 'string') return col(input);
  if (typeof input === 'object' && input !== null && typeof input.texts === 'function') return input;
  throw new PrecisError('usage', {
    found: `a function over texts was given ${JSON.stringify(input) ?? String(input)}`,
    expected: "a column's name, col(), lit() or concat()",
  });
}

function joinedTexts(views: readonly TextView[], length: number): TextView {
  const starts = new Int32Array(length);
  const ends = new Int32Array(length);
  const valid = new Uint8Array(length).fill(1);
  let total = 0;
  for (let row = 0; row < length; row++) {
    starts[row] = total;
    if (views.some((view) => view.valid && !view.valid[row])) valid[row] = 0;
    else for (const view of views) total += view.ends[row] - view.starts[row];
    ends[row] = total;
  }
  const bytes = new Uint8Array(total);
  for (let row = 0; row < length; row++) {
    if (!valid[row]) continue;
    let at = starts[row];
    for (const view of views) {
      bytes.set(view.bytes.subarray(view.starts[row], view.ends[row]), at);
      at += view.ends[row] - view.starts[row];
    }
  }
  return { length, bytes, starts, ends, valid: valid.includes(0) ? valid : null };
}
