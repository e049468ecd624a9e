import { type Data, Field, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import type { BatchAnswer } from '../../pool/types.js';
import { detailsOf, type RowDetails } from '../detailed/details.js';
import { boolColumn, utf8Column } from './columnBuilders.js';
import { ERROR_COLUMN, RESULT_COLUMN, TRUNCATED_COLUMN } from './resultType.js';
import type { RowError } from './rowErrors.js';
import { readReason } from './rowReason.js';

/** What is counted of a result, whatever it is. */
export interface Counted {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly truncated: boolean;
  readonly chunks: number;
}

/** What a text became: as many results as were asked for, or the reason why there are none. */
export type Outcome<Result extends Counted> = readonly Result[] | RowError;

/** A worker's answer: the column of results (or of their details), what failed and was cut if anything was, and sums. */
export function answerBatch(column: Data, outcomes: readonly Outcome<Counted>[], details = false): BatchAnswer {
  const columns: [string, Data][] = [[RESULT_COLUMN, details ? detailsOf(column, outcomes.map(detailsOfRow)) : column]];
  const errors = outcomes.map((outcome) => ('error' in outcome ? outcome.error : null));
  if (errors.some((error) => error !== null)) columns.push([ERROR_COLUMN, utf8Column(errors)]);
  const cut = outcomes.map((outcome) => !('error' in outcome) && outcome[0].truncated);
  if (cut.includes(true)) columns.push([TRUNCATED_COLUMN, boolColumn(cut)]);
  return { batch: batchOfColumns(columns, outcomes.length), counts: countsOf(outcomes) };
}

function detailsOfRow(outcome: Outcome<Counted>): RowDetails {
  if ('error' in outcome) {
    const { code, message } = readReason(outcome.error);
    return { error: `[${code}] ${message}`, inputTokens: null, outputTokens: null, truncated: null };
  }
  const [{ inputTokens, truncated }] = outcome;
  const outputTokens = outcome.reduce((sum, result) => sum + result.outputTokens, 0);
  return { error: null, inputTokens, outputTokens, truncated };
}

function countsOf(outcomes: readonly Outcome<Counted>[]): Record<string, number> {
  const counts = { input_tokens: 0, output_tokens: 0, chunks: 0 };
  for (const outcome of outcomes) {
    if ('error' in outcome) continue;
    counts.input_tokens += outcome[0].inputTokens;
    counts.chunks += outcome[0].chunks;
    for (const { outputTokens } of outcome) counts.output_tokens += outputTokens;
  }
  return counts;
}

export function batchOfColumns(columns: readonly (readonly [string, Data])[], length: number): RecordBatch {
  const fields = columns.map(([name, { type }]) => new Field(name, type, true));
  const children = columns.map(([, data]) => data);
  return new RecordBatch(new Schema(fields), makeData({ type: new Struct(fields), length, nullCount: 0, children }));
}
