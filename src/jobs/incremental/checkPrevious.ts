import { type DataType, util } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { requireColumn } from '../../table/columns.js';
import { castTo } from '../../table/delta/cast.js';
import type { Cast } from '../../table/delta/castParts.js';
import { family } from '../../table/merge/mergeKeys.js';
import { scalarText } from '../../table/textFiles/scalarText.js';
import type { Source } from '../../table/types.js';
import { comparableKind } from '../carry/cellBytes.js';
import type { FingerprintColumn } from '../carry/fingerprints.js';
import { hasColumn, type PreviousColumn, type PreviousOptions, textColumns } from './previousOptions.js';

/** Refuses a last output from which nobody can tell which rows changed, or from which no answer can be taken. */
export function checkPrevious(output: Source, options: PreviousOptions): void {
  const { key, columns, source, version } = options;
  if (key.length === 0) {
    throw new PrecisError('usage', {
      found: 'an incremental job without a key',
      expected: 'the columns that name a row, such as id',
    });
  }
  const answers = columns.map(({ name }) => name);
  for (const name of [...key, ...textColumns(columns)]) {
    if (!answers.includes(name)) continue;
    throw new PrecisError('column', {
      found: `column ${name} of ${output.label} is made by the job, and it is also read by it`,
      expected: 'the key and the texts of the last run beside its answers',
      action: 'give the new column another name, or run without incremental',
    });
  }
  if (version === null && output.files.some((file) => source.files.includes(file))) {
    throw new PrecisError('input', {
      found: `${output.label} is both the last output and what is read now: its texts are those of now`,
      expected: 'the texts of the last run, to tell which rows changed',
      action: 'write to another table, or to a Delta table, which keeps its versions',
    });
  }
  for (const name of key) requireLast(output, name, 'the key', 'which row is which');
  for (const name of textColumns(columns)) requireLast(output, name, 'what the functions read', 'which texts changed');
  for (const name of answers) requireLast(output, name, 'the answers', 'what is to be taken over');
}

function requireLast(output: Source, name: string, what: string, unknown: string): void {
  if (hasColumn(output.schema, name)) return;
  throw new PrecisError('column', {
    found: `${output.label}, the last output, has no column ${name}`,
    expected: `${what} of the last run in it: without it nobody can tell ${unknown}`,
    action: 'keep the column in the output, or run once without incremental',
  });
}

/** How the cells of a column that is read now are written, to be compared with those of the last output. */
export function comparison(output: Source, source: PreviousOptions['source'], name: string, isKey: boolean) {
  const [was, is] = [output, source].map(({ schema, label }) => requireColumn(schema, name, label).type as DataType);
  const kindOf = isKey ? family : comparableKind;
  const column: FingerprintColumn = { name };
  const kinds = [kindOf(was), kindOf(is)];
  if (kinds[0] !== null && (kinds[0] === kinds[1] || kinds.includes('nothing'))) return column;
  // Text files keep numbers and times as the text that they are written as.
  if (kinds[0] === 'text' && kinds[1] !== null && scalarText(is)) return { name, asText: true };
  throw new PrecisError('column', {
    found: `${isKey ? 'key column' : 'column'} ${name} is ${was} in ${output.label}, the last output, and ${is} in ${source.label}`,
    expected: isKey
      ? 'text, whole numbers, true or false, dates, times, decimals or bytes in both'
      : 'values of one kind, to tell which changed',
    action: 'cast one of them, or run without incremental',
  });
}

/** How the answers of the last output become those of the function. */
export function answerCast(output: Source, { name, details }: PreviousColumn): Cast {
  const from = requireColumn(output.schema, name, output.label).type as DataType;
  const to = details.children.find((field) => field.name === 'value')!.type as DataType;
  if (util.compareTypes(from, to)) return (data) => data;
  const cast = castTo(from, to, { dropFields: false, cutNanoseconds: false, where: `column ${name}` });
  if (cast) return cast;
  const isTextFile = comparableKind(from) === 'text';
  throw new PrecisError('column', {
    found: `column ${name} of ${output.label}, the last output, is ${from}`,
    expected: `${to}, what the function gives${isTextFile ? ': a file that keeps text only cannot give it back' : ''}`,
    action: isTextFile ? 'write Parquet, Arrow or Delta, or run without incremental' : 'run once without incremental',
  });
}
