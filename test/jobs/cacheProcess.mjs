// Asks the cache for texts and teaches it those it does not know, each batch a file. Ends with 1 at a wrong answer.
//   node cacheProcess.mjs ROOT FIRST_BATCH BATCHES
import { createHash } from 'node:crypto';
import { Utf8, Vector, vectorFromArray } from 'apache-arrow';
import { openAnswerCache } from '../../dist/src/jobs/cache/openAnswerCache.js';
import { detailsOf, detailsType } from '../../dist/src/predict/detailed/details.js';
import { batchFromRows } from '../../dist/src/table/fromRows.js';

const [root, first, batches] = process.argv.slice(2);
const answerOf = (text) => `${createHash('sha1').update(text).digest('hex')} 😀`;
const cache = openAnswerCache({
  ...{ root, namespace: 'shared', details: detailsType(new Utf8()), texts: ['document'], flushBytes: 1 },
  warn: (line) => console.log(`warning ${line}`),
});
for (let batch = Number(first); batch < Number(first) + Number(batches); batch++) {
  const texts = Array.from({ length: 20 }, (_, row) => `text ${batch * 20 + row}`);
  const rows = batchFromRows(texts.map((document) => ({ document })));
  const { mask, details } = await cache.lookup(rows);
  for (const [row, text] of texts.entries()) {
    if (mask[row] && new Vector([details[0].children[0]]).get(row) !== answerOf(text)) process.exit(1);
  }
  console.log(`asked ${batch}`);
  const row = { error: null, inputTokens: 1, outputTokens: 1, truncated: false };
  const values = vectorFromArray(texts.map(answerOf), new Utf8()).data[0];
  const unknown = mask.map((known) => 1 - known);
  await cache.learn(rows, unknown, [
    detailsOf(
      values,
      texts.map(() => row),
    ),
  ]);
  console.log(`learnt ${batch}`);
}
await cache.close();
