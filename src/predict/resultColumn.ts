import {
  Bool,
  type Data,
  Field,
  Float64,
  Int32,
  type List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { BatchAnswer } from '../pool/types.js';
import type { LongResult } from './longDocuments.js';
import { arrowType, ERROR_COLUMN, ERROR_TYPE, RESULT_COLUMN, type ResultType, TRUNCATED_COLUMN } from './resultType.js';
import type { RowError } from './rowErrors.js';

/** What a text became: as many results as were asked for, or the reason why there are none. */
export type Outcome = readonly LongResult[] | RowError;

/** A worker's answer: the column of results, what failed and was cut if anything was, and sums. */
export function answerBatch(resultType: ResultType, outcomes: readonly Outcome[]): BatchAnswer {
  const first = outcomes.map((outcome) => ('error' in outcome ? null : outcome[0]));
  const columns: [string, Data][] = [[RESULT_COLUMN, resultColumn(resultType, outcomes)]];
  const failed = first.some((result) => result === null);
  if (failed) columns.push([ERROR_COLUMN, utf8Column(outcomes.map((o) => ('error' in o ? o.error : null)))]);
  const cut = first.some((result) => result?.truncated);
  if (cut) columns.push([TRUNCATED_COLUMN, boolColumn(first.map((result) => result?.truncated ?? false))]);
  return { batch: batchOfColumns(columns, outcomes.length), counts: countsOf(outcomes) };
}

export function resultColumn(resultType: ResultType, outcomes: readonly Outcome[]): Data {
  switch (resultType) {
    case 'string':
      return utf8Column(outcomes.map((outcome) => ('error' in outcome ? null : outcome[0].text)));
    case 'string[]':
      return listColumn(outcomes);
    case 'struct':
      return structColumn(outcomes);
  }
}

function countsOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts = { input_tokens: 0, output_tokens: 0, chunks: 0 };
  for (const outcome of outcomes) {
    if ('error' in outcome) continue;
    counts.input_tokens += outcome[0].inputTokens;
    counts.chunks += outcome[0].chunks;
    for (const { outputTokens } of outcome) counts.output_tokens += outputTokens;
  }
  return counts;
}

function listColumn(outcomes: readonly Outcome[]): Data<List> {
  const valueOffsets = new Int32Array(outcomes.length + 1);
  const texts: string[] = [];
  outcomes.forEach((outcome, row) => {
    if (!('error' in outcome)) for (const { text } of outcome) texts.push(text);
    valueOffsets[row + 1] = texts.length;
  });
  const type = arrowType('string[]') as List;
  const nulls = nullsOf(outcomes.map((outcome) => ('error' in outcome ? null : outcome)));
  return makeData({ type, length: outcomes.length, ...nulls, valueOffsets, child: utf8Column(texts) });
}

function structColumn(outcomes: readonly Outcome[]): Data<Struct> {
  const values = <Value>(of: (result: LongResult) => Value) =>
    outcomes.map((outcome) => ('error' in outcome ? null : of(outcome[0])));
  const children = [
    utf8Column(values(({ text }) => text)),
    numberColumn(
      new Int32(),
      values(({ inputTokens }) => inputTokens),
    ),
    numberColumn(
      new Int32(),
      values(({ outputTokens }) => outputTokens),
    ),
    boolColumn(values(({ truncated }) => truncated)),
    utf8Column(values(({ finishReason }) => finishReason)),
    numberColumn(
      new Float64(),
      values(({ score }) => score),
    ),
    numberColumn(
      new Int32(),
      values(({ chunks }) => chunks),
    ),
    errorColumn(outcomes),
  ];
  return makeData({ type: arrowType('struct') as Struct, length: outcomes.length, nullCount: 0, children });
}

/** `[scope] what was found, ...` taken apart; an engine's own error has no scope. */
function errorColumn(outcomes: readonly Outcome[]): Data<Struct> {
  const errors = outcomes.map((outcome) => {
    if (!('error' in outcome)) return null;
    const [, code, message] = /^\[(\w+)\] (.*)$/s.exec(outcome.error) ?? ['', 'engine', outcome.error];
    return { code, message };
  });
  const children = [
    utf8Column(errors.map((error) => error?.code ?? '')),
    utf8Column(errors.map((error) => error?.message ?? '')),
  ];
  return makeData({ type: ERROR_TYPE, length: outcomes.length, ...nullsOf(errors), children });
}

export function utf8Column(texts: readonly (string | null)[]): Data<Utf8> {
  const valueOffsets = new Int32Array(texts.length + 1);
  // A UTF-16 unit never takes more than three bytes.
  const data = Buffer.allocUnsafeSlow(3 * texts.reduce((sum, text) => sum + (text?.length ?? 0), 0));
  let at = 0;
  texts.forEach((text, row) => {
    if (text) at += data.write(text, at);
    valueOffsets[row + 1] = at;
  });
  return makeData({ type: new Utf8(), length: texts.length, ...nullsOf(texts), valueOffsets, data });
}

function boolColumn(values: readonly (boolean | null)[]): Data<Bool> {
  const data = bitsWhere(values.map((value) => value === true));
  return makeData({ type: new Bool(), length: values.length, ...nullsOf(values), data });
}

function numberColumn<Type extends Int32 | Float64>(type: Type, values: readonly (number | null)[]): Data<Type> {
  const data = new type.ArrayType(values.length);
  for (let row = 0; row < values.length; row++) data[row] = values[row] ?? 0;
  return makeData({ type: type as never, length: values.length, ...nullsOf(values), data }) as Data<Type>;
}

function nullsOf(values: readonly unknown[]): { nullCount: number; nullBitmap: Uint8Array | undefined } {
  const nullCount = values.reduce<number>((count, value) => count + Number(value === null), 0);
  return { nullCount, nullBitmap: nullCount === 0 ? undefined : bitsWhere(values.map((value) => value !== null)) };
}

function bitsWhere(flags: readonly boolean[]): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  for (let row = 0; row < flags.length; row++) if (flags[row]) bits[row >> 3] |= 1 << (row & 7);
  return bits;
}

function batchOfColumns(columns: readonly (readonly [string, Data])[], length: number): RecordBatch {
  const fields = columns.map(([name, { type }]) => new Field(name, type, true));
  const children = columns.map(([, data]) => data);
  return new RecordBatch(new Schema(fields), makeData({ type: new Struct(fields), length, nullCount: 0, children }));
}
