import { type Data, Float64, Int32, type List, makeData, type Struct } from 'apache-arrow';
import type { LongResult } from '../longDocuments.js';
import type { Outcome } from './answerBatch.js';
import { boolColumn, nullsOf, numberColumn, utf8Column } from './columnBuilders.js';
import type { Embedding } from './embedTexts.js';
import { arrowType, ERROR_TYPE, type ResultType } from './resultType.js';
import { readReason } from './rowReason.js';

type Generated = readonly Outcome<LongResult>[];

/** What generated texts become in a table. */
export function generatedColumn(resultType: Exclude<ResultType, 'double[]'>, outcomes: Generated): Data {
  switch (resultType) {
    case 'string':
      return utf8Column(outcomes.map((outcome) => ('error' in outcome ? null : outcome[0].text)));
    case 'string[]':
      return listColumn(outcomes);
    case 'struct':
      return structColumn(outcomes);
  }
}

function listColumn(outcomes: Generated): Data<List> {
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

function structColumn(outcomes: Generated): Data<Struct> {
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

function errorColumn(outcomes: Generated): Data<Struct> {
  const errors = outcomes.map((outcome) => ('error' in outcome ? readReason(outcome.error) : null));
  const children = [
    utf8Column(errors.map((error) => error?.code ?? '')),
    utf8Column(errors.map((error) => error?.message ?? '')),
  ];
  return makeData({ type: ERROR_TYPE, length: outcomes.length, ...nullsOf(errors), children });
}

/** Vectors of 64-bit numbers, as Spark's `array<double>`. */
export function embeddingColumn(outcomes: readonly Outcome<Embedding>[]): Data<List> {
  const vectors = outcomes.map((outcome) => ('error' in outcome ? null : outcome[0].vector));
  const valueOffsets = new Int32Array(vectors.length + 1);
  vectors.forEach((vector, row) => {
    valueOffsets[row + 1] = valueOffsets[row] + (vector?.length ?? 0);
  });
  const data = new Float64Array(valueOffsets[vectors.length]);
  vectors.forEach((vector, row) => {
    if (vector) data.set(vector, valueOffsets[row]);
  });
  const child = makeData({ type: new Float64(), length: data.length, nullCount: 0, data });
  const type = arrowType('double[]') as List;
  return makeData({ type, length: vectors.length, ...nullsOf(vectors), valueOffsets, child });
}
