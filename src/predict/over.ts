import { Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { appendColumn, batchOf } from '../table/columns.js';
import type { ColumnExpression } from '../table/types.js';
import { utf8Column } from './columnBuilders.js';
import type { ColumnInput } from './columns.js';
import { plainValue } from './plainValue.js';
import type { OverOptions, UdfValue } from './udfTypes.js';

type Stream<Value> = AsyncIterable<Value> | Iterable<Value>;
type Expression = (input: ColumnInput) => ColumnExpression;

export const DEFAULT_COLUMN = 'generated_summary';
const TEXTS = new Schema([new Field('text', new Utf8(), true)]);

/** The new column of batches that are no table's. */
export async function* overBatches(
  expression: Expression,
  batches: Stream<RecordBatch>,
  { text, column = DEFAULT_COLUMN, signal }: OverOptions,
): AsyncIterable<RecordBatch> {
  const added = expression(text);
  let field: Field | null = null;
  for await (const { batch, column: values } of added.evaluate(checked(), { signal })) {
    yield appendColumn(batch, field!, values);
  }

  /** The schema is known with the first batch. */
  async function* checked(): AsyncIterable<RecordBatch> {
    for await (const batch of batches) {
      field ??= added.field(column, batch.schema);
      yield batch;
    }
  }
}

/** An answer for each text. A text is a batch of its own here: those that come fast are put together further on. */
export async function* overTexts(
  expression: Expression,
  texts: Stream<string | null>,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncIterable<UdfValue | null> {
  for await (const { column } of expression('text').evaluate(batchesOf(texts), { signal })) {
    yield plainValue(column.get(0)) as UdfValue | null;
  }
}

async function* batchesOf(texts: Stream<string | null>): AsyncIterable<RecordBatch> {
  for await (const text of texts) yield batchOf(TEXTS, [utf8Column([text])], 1);
}
