import { DataType, type Schema } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { DEFAULT_COLUMN } from '../predict/texts/over.js';
import { isText, requireColumn, requireText } from '../table/columns.js';
import { readTable } from '../table/open.js';
import { rowsOf } from '../table/record.js';
import type { Table } from '../table/table.js';
import type { EvaluationInput } from './input.js';
import { readKeys } from './keys.js';
import type { EvaluateOptions } from './options.js';
import type { Produced } from './produced.js';

type Row = Readonly<Record<string, unknown>>;

/** A file of summaries whose columns were looked at; its rows are not read yet. */
export interface StoredOutput {
  readonly location: string;
  read(input: EvaluationInput): Promise<readonly Produced[]>;
}

export async function openStoredOutput(location: string, options: EvaluateOptions): Promise<StoredOutput> {
  const { outputColumn = DEFAULT_COLUMN, key, signal } = options;
  const table = await readTable(location);
  requireSummaries(table.schema, outputColumn, table.label);
  if (key !== undefined) requireColumn(table.schema, key, table.label);
  const read = async (input: EvaluationInput) => {
    const matched = key === undefined ? await byPosition(table, input) : table;
    const columns = [...new Set([outputColumn, ...(key === undefined ? [] : [key]), ...sharedText(table, input)])];
    const rows: Row[] = [];
    for await (const batch of matched.batches({ columns, signal })) {
      for (const row of rowsOf(batch)) rows.push({ ...row });
    }
    const places = key === undefined ? rows.map((_, row) => row) : placesByKey(rows, key, table.label, input);
    refuseOtherTexts(rows, places, table, input);
    return places.map((place, row) => producedOf(rows[place][outputColumn], input.texts[row].source));
  };
  return { location, read };
}

/** A text, or what `--result-type struct` writes. */
function requireSummaries(schema: Schema, column: string, label: string): void {
  const { type } = requireColumn(schema, column, label);
  const isDetails = DataType.isStruct(type) && type.children.some((f) => f.name === 'summary' && isText(f.type));
  if (!isDetails) requireText(schema, column, label);
}

/** The table has all rows of the input, or just those that are evaluated. */
async function byPosition(table: Table, input: EvaluationInput): Promise<Table> {
  const rows = await table.count();
  const wanted = input.texts.length;
  if (rows === wanted) return table;
  const all = await input.allRows();
  if (rows === all) return input.narrow(table);
  throw new PrecisError('table', {
    found: `${table.label} has ${rows} rows`,
    expected: `${all === wanted ? wanted : `${wanted} or ${all}`}, as ${input.label} has`,
    action: 'name a column that tells which row is which with --key',
  });
}

function placesByKey(rows: readonly Row[], key: string, label: string, input: EvaluationInput): number[] {
  const { rowOf } = readKeys(
    rows.map((row) => row[key]),
    key,
    label,
  );
  return input.keys!.map((wanted, row) => {
    const place = rowOf.get(wanted);
    if (place !== undefined) return place;
    throw new PrecisError('table', {
      found: `${label} has no row with the key ${JSON.stringify(wanted)} (column ${key}), row ${row + 1} of ${input.label}`,
      expected: 'a summary for every row',
    });
  });
}

function sharedText({ schema }: Table, { textColumn }: EvaluationInput): string[] {
  return schema.fields.some(({ name, type }) => name === textColumn && isText(type)) ? [textColumn] : [];
}

/** An output that carries the texts, as those of `precis summarize` do, tells itself whether its rows are the same. */
function refuseOtherTexts(rows: readonly Row[], places: readonly number[], table: Table, input: EvaluationInput): void {
  const [column] = sharedText(table, input);
  if (column === undefined) return;
  places.forEach((place, row) => {
    if (rows[place][column] === input.texts[row].source) return;
    throw new PrecisError('table', {
      found: `row ${place + 1} of ${table.label} has another text (column ${column}) than row ${row + 1} of ${input.label}`,
      expected: 'summaries of the same rows',
      action: 'name a column that tells which row is which with --key',
    });
  });
}

function producedOf(value: unknown, source: string | null): Produced {
  const isDetails = typeof value === 'object' && value !== null;
  const { summary, error } = isDetails ? (value as Details) : { summary: value as string | null, error: null };
  if (summary !== null || source === null) return { summary, error: null };
  return { summary, error: error ? `[${error.code}] ${error.message}` : 'no summary is stored' };
}

interface Details {
  readonly summary: string | null;
  readonly error?: { readonly code: string; readonly message: string } | null;
}
