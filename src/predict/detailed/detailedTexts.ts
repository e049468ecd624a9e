import type { Data, DataType, RecordBatch, Schema, Struct } from 'apache-arrow';
import type { TextInput } from '../columns.js';
import type { TextExpressions } from '../texts/textExpressions.js';
import type { UdfStats } from '../udfTypes.js';
import { withoutNullRows } from './details.js';
import type { DetailedBatch, DetailedFunction, DetailedPass } from './types.js';

interface Parts {
  readonly type: DataType;
  readonly details: Struct;
  readonly input: TextInput;
  readonly expressions: TextExpressions;
  readonly stats: UdfStats;
}

/** A model over a column of texts. */
export class DetailedTexts implements DetailedFunction {
  readonly type: DataType;
  readonly details: Struct;
  readonly stats: UdfStats;

  constructor(private readonly parts: Parts) {
    this.type = parts.type;
    this.details = parts.details;
    this.stats = parts.stats;
  }

  async *over(
    batches: AsyncIterable<RecordBatch>,
    { signal, apart }: DetailedPass = {},
  ): AsyncGenerator<DetailedBatch, void, undefined> {
    const { input, expressions } = this.parts;
    const checked = checkedBatches(batches, (schema) => input.nullable(schema));
    const pass = { signal, rows: apart ? 1 : undefined };
    for await (const { batch, column } of expressions.evaluate(input, checked, pass)) {
      yield { batch, details: withoutNullRows(column.data[0] as Data<Struct>) };
    }
  }

  close(): Promise<void> {
    return this.parts.expressions.close();
  }
}

/** The schema is known with the first batch; every other one has to fit too. */
export async function* checkedBatches(
  batches: AsyncIterable<RecordBatch>,
  check: (schema: Schema) => void,
): AsyncGenerator<RecordBatch, void, undefined> {
  let known: Schema | null = null;
  for await (const batch of batches) {
    if (batch.schema !== known) check(batch.schema);
    known = batch.schema;
    yield batch;
  }
}
