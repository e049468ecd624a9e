import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Field, Int64, Schema, Utf8, vectorFromArray } from 'apache-arrow';
import { documentOf } from '../../scripts/corpus/documents.js';
import { batchOf } from '../../src/table/columns.js';
import { tableFromBatches } from '../../src/table/open.js';
import type { Tokenizer } from '../../src/text/types.js';

/** The column with the texts. */
export const TEXT = 'document';
/** As the model was trained to be asked. */
export const PREFIX = 'summarize: ';

const SCHEMA = new Schema([new Field('id', new Int64(), false), new Field(TEXT, new Utf8(), true)]);

/** Documents of the corpus that no training has seen: as a table, and as the ids that engines get. */
export interface HeldOut {
  readonly file: string;
  readonly ids: readonly number[][];
}

export async function heldOut(folder: string, count: number, tokenizer: Tokenizer): Promise<HeldOut> {
  const texts = Array.from({ length: count }, (_, number) => documentOf('test', number).text);
  mkdirSync(folder, { recursive: true });
  // Written each time: the generator may have changed since.
  const file = path.join(folder, `held-out-${count}.parquet`);
  const numbers = vectorFromArray(
    texts.map((_, number) => BigInt(number)),
    new Int64(),
  );
  const batch = batchOf(SCHEMA, [numbers.data[0], vectorFromArray(texts, new Utf8()).data[0]], count);
  const table = tableFromBatches(SCHEMA, async function* () {
    yield batch;
  });
  await table.write(file, { mode: 'overwrite' });
  return { file, ids: texts.map((text) => [...tokenizer.encode(text, { prefix: PREFIX }).ids]) };
}
