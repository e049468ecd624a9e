import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { Field, Float64, Int64, type RecordBatch, Schema, Utf8, vectorFromArray } from 'apache-arrow';
import { createRandom } from '../../src/engine/search/random.js';
import { makeTexts } from '../../src/measure/documents.js';
import { newSentence } from '../../src/measure/sentences.js';
import { batchOf } from '../../src/table/columns.js';
import { tableFromBatches } from '../../src/table/open.js';
import { say } from '../tool.js';

/** The column with the texts. */
export const TEXT = 'document';

const SHORT_TEXT = 60;
const BATCH_ROWS = 50_000;
const SHORT_ROWS = new Schema([
  new Field('id', new Int64(), false),
  new Field(TEXT, new Utf8(), true),
  new Field('source', new Utf8(), true),
  new Field('price', new Float64(), true),
]);

/** A Parquet file of short texts, all different, between columns that are carried along; made once. */
export async function shortRows(folder: string, rows: number): Promise<string> {
  return await once(path.join(folder, `short-${rows}.parquet`), async (file) => {
    await tableFromBatches(SHORT_ROWS, () => shortBatches(rows)).write(file);
  });
}

async function* shortBatches(rows: number): AsyncIterable<RecordBatch> {
  const random = createRandom(1, Int32Array.of(), 0);
  for (let begin = 0; begin < rows; begin += BATCH_ROWS) {
    const ids = Array.from({ length: Math.min(BATCH_ROWS, rows - begin) }, (_, i) => begin + i);
    const columns = [
      vectorFromArray(ids.map(BigInt), new Int64()),
      vectorFromArray(
        ids.map((id) => `${id} ${newSentence(random)}`.slice(0, SHORT_TEXT)),
        new Utf8(),
      ),
      vectorFromArray(
        ids.map((id) => `feed ${id % 17}`),
        new Utf8(),
      ),
      vectorFromArray(
        ids.map(() => Math.round(random() * 1e6) / 100),
        new Float64(),
      ),
    ];
    yield batchOf(
      SHORT_ROWS,
      columns.map((column) => column.data[0]),
      ids.length,
    );
  }
}

const DOCUMENTS = new Schema([new Field('id', new Int64(), false), new Field(TEXT, new Utf8(), true)]);

export interface Documents {
  readonly file: string;
  readonly texts: readonly string[];
}

/** Documents as `precis bench` makes them, in a Parquet file and as they are. */
export async function documents(
  folder: string,
  count: number,
  meanTokens: number,
  countTokens: (text: string) => number,
): Promise<Documents> {
  const texts = makeTexts(count, meanTokens, countTokens);
  const file = await once(path.join(folder, `documents-${count}-${meanTokens}.parquet`), async (target) => {
    const ids = vectorFromArray(
      texts.map((_, i) => BigInt(i)),
      new Int64(),
    );
    const batch = batchOf(DOCUMENTS, [ids.data[0], vectorFromArray(texts, new Utf8()).data[0]], count);
    await tableFromBatches(DOCUMENTS, async function* () {
      yield batch;
    }).write(target);
  });
  return { file, texts };
}

async function once(file: string, make: (file: string) => Promise<void>): Promise<string> {
  if (existsSync(file)) return file;
  say(`writing ${file}`);
  mkdirSync(path.dirname(file), { recursive: true });
  await make(file);
  return file;
}
