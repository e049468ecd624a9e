import { Field, Float64, Int32, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { batchFromRows } from '../table/fromRows.js';
import { type Evaluation, METRICS } from './types.js';

const BATCH_ROWS = 1024;

/** A row of scores for each row of the table and each candidate. Metrics have their names in types.ts. */
export const SCORE_SCHEMA = new Schema([
  new Field('row', new Int32(), false),
  new Field('candidate', new Utf8(), false),
  new Field('reference', new Utf8(), true),
  new Field('summary', new Utf8(), true),
  new Field('error', new Utf8(), true),
  ...METRICS.map((metric) => new Field(metric, new Float64(), true)),
]);

/** Candidate by candidate. Rows count from 0. */
export function* scoreBatches({ candidates, texts }: Evaluation): Generator<RecordBatch> {
  for (const { name, rows } of candidates) {
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      const part = rows.slice(start, start + BATCH_ROWS).map(({ row, summary, error, scores }) => ({
        row,
        candidate: name,
        reference: texts[row].reference,
        summary,
        error,
        ...scores,
      }));
      yield batchFromRows(part, SCORE_SCHEMA);
    }
  }
}
