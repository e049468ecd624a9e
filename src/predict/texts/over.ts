import { Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { appendColumn, batchOf } from '../../table/columns.js';
import type { ColumnExpression } from '../../table/types.js';
import { checkOptions, type Rules } from '../checkOptions.js';
import type { ColumnInput } from '../columns.js';
import { PREDICT_RULES } from '../udfOptions.js';
import type { OverOptions, UdfValue } from '../udfTypes.js';
import { utf8Column } from './columnBuilders.js';
import { plainValue } from './plainValue.js';

type Stream<Value> = AsyncIterable<Value> | Iterable<Value>;
type Expression = (input: ColumnInput) => ColumnExpression;

export const DEFAULT_COLUMN = 'generated_summary';
const TEXTS = new Schema([new Field('text', new Utf8(), true)]);

const OVER_RULES: Rules<OverOptions> = {
  // Looked at where it is used.
  text: { expected: '', accepts: () => true },
  column: { expected: 'a text, not empty', accepts: (value) => typeof value === 'string' && value !== '' },
  signal: PREDICT_RULES.signal,
};
const { signal } = OVER_RULES;

/** Batches when it is said which texts of them are meant, otherwise texts. */
export function over(
  expression: Expression,
  rows: Stream<RecordBatch> | Stream<string | null>,
  how: Partial<OverOptions> = {},
): AsyncIterable<RecordBatch | UdfValue | null> {
  const hasText = how?.text !== undefined;
  checkOptions(how, hasText ? OVER_RULES : ({ signal } as typeof OVER_RULES));
  if (!isStream(rows)) {
    throw new PrecisError('input', {
      found: `over was given ${kindOf(rows)}`,
      expected: hasText ? 'a list or a stream of record batches' : 'a list or a stream of texts',
    });
  }
  return hasText
    ? overBatches(expression, rows as Stream<RecordBatch>, how as OverOptions)
    : overTexts(expression, rows as Stream<string | null>, how);
}

/** A text could be gone through too, character by character, which nobody means. */
function isStream(rows: unknown): boolean {
  return typeof rows === 'object' && rows !== null && (Symbol.asyncIterator in rows || Symbol.iterator in rows);
}

function kindOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'Object'})`;
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

/** The new column of batches that are no table's. */
async function* overBatches(
  expression: Expression,
  batches: Stream<RecordBatch>,
  { text, column = DEFAULT_COLUMN, signal }: OverOptions,
): AsyncIterable<RecordBatch> {
  const added = expression(text);
  let schema: Schema | null = null;
  let field: Field | null = null;
  for await (const { batch, column: values } of added.evaluate(checked(), { signal })) {
    yield appendColumn(batch, field!, values);
  }

  /** The schema is known with the first batch; every other one has to fit. */
  async function* checked(): AsyncIterable<RecordBatch> {
    for await (const batch of batches) {
      if (!batch?.schema) {
        throw new PrecisError('input', { found: `a batch is ${kindOf(batch)}`, expected: 'a record batch' });
      }
      if (batch.schema !== schema) {
        const own = added.field(column, batch.schema);
        field ??= own;
        schema = batch.schema;
      }
      yield batch;
    }
  }
}

/** An answer for each text. A text is a batch of its own here: those that come fast are put together further on. */
async function* overTexts(
  expression: Expression,
  texts: Stream<string | null>,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncIterable<UdfValue | null> {
  for await (const { column } of expression('text').evaluate(batchesOf(texts), { signal })) {
    yield plainValue(column.get(0)) as UdfValue | null;
  }
}

async function* batchesOf(texts: Stream<string | null>): AsyncIterable<RecordBatch> {
  let row = 0;
  for await (const text of texts) {
    row++;
    if (text !== null && typeof text !== 'string') {
      throw new PrecisError('input', {
        found: `row ${row} is ${kindOf(text)}`,
        expected: 'a text or null',
        action: "for record batches give { text: 'column' }",
      });
    }
    yield batchOf(TEXTS, [utf8Column([text])], 1);
  }
}
