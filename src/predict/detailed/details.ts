import { Bool, type Data, type DataType, Field, Int32, makeData, Struct, Utf8 } from 'apache-arrow';
import { boolColumn, columnOf, numberColumn, utf8Column } from '../texts/columnBuilders.js';

/** What became of some rows, beside their values; null where nothing is known. */
export interface RowDetails {
  readonly error: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly truncated: boolean | null;
}

/** See DetailedBatch. */
export function detailsType(value: DataType): Struct {
  return new Struct([
    new Field('value', value, true),
    new Field('error', new Utf8(), true),
    new Field('input_tokens', new Int32(), true),
    new Field('output_tokens', new Int32(), true),
    new Field('truncated', new Bool(), true),
  ]);
}

export function detailsOf(values: Data, rows: readonly RowDetails[]): Data<Struct> {
  const errors = rows.map(({ error }) => error);
  const tokens = (of: (row: RowDetails) => number | null) => numberColumn(new Int32(), rows.map(of));
  return makeData({
    type: detailsType(values.type),
    length: rows.length,
    nullCount: 0,
    children: [
      nullWhere(values, errors),
      utf8Column(errors),
      tokens(({ inputTokens }) => inputTokens),
      tokens(({ outputTokens }) => outputTokens),
      boolColumn(rows.map(({ truncated }) => truncated)),
    ],
  });
}

/** Rows of which nothing is known but that they did not fail, as a user's own function leaves them. */
export function unmeasured(values: Data): Data<Struct> {
  return detailsOf(values, new Array<RowDetails>(values.length).fill(failedRow(null)));
}

/** One row that failed. */
export function failedDetails(type: Struct, error: string): Data<Struct> {
  return detailsOf(columnOf([null], type.children[0].type), [failedRow(error)]);
}

/** Rows without a text are null as a whole; here their fields alone are, so that nobody has to look twice. */
export function withoutNullRows(details: Data<Struct>): Data<Struct> {
  if (details.nullCount === 0) return details;
  const { type, length, children } = details;
  return makeData({ type, length, nullCount: 0, children });
}

function failedRow(error: string | null): RowDetails {
  return { error, inputTokens: null, outputTokens: null, truncated: null };
}

/** A struct may tell of a row that failed in its own fields; here it has no value. */
function nullWhere(values: Data, errors: readonly (string | null)[]): Data {
  const { type, length, children } = values;
  if (!(type instanceof Struct) || errors.every((error) => error === null)) return values;
  const valid = boolColumn(errors.map((error, row) => error === null && values.getValid(row)));
  return makeData({ type, length, nullCount: -1, nullBitmap: valid.values, children });
}
