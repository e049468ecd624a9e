/**
 * The process of the leak tests (node --expose-gc): generates with one engine, call after call, and prints its resident memory in bytes
 * after each call as JSON.
 */

import { mixedDocuments } from '../../dist/scripts/parity/documents.js';
import { openEngine } from '../../dist/src/engine/index.js';

const [checkpoint, precision, calls, count] = process.argv.slice(2);
const SEARCHES = [
  { numBeams: 1 },
  { numBeams: 4, noRepeatNgramSize: 3, returnScores: true },
  { numBeams: 1, doSample: true, topK: 0, numReturnSequences: 2 },
];

const engine = await openEngine(checkpoint, { precision });
const resident = [];
for (let call = 0; call < Number(calls); call++) {
  const documents = mixedDocuments({ count: Number(count), shortest: 1, longest: 200, vocabSize: 384, seed: call });
  const inputs = documents.map((ids) => ({ ids, truncated: false }));
  const results = await engine.generate(inputs, { ...SEARCHES[call % SEARCHES.length], maxNewTokens: 16 });
  await engine.score(
    inputs,
    results.map(({ sequences }) => [sequences[0].tokenIds]),
  );
  globalThis.gc();
  resident.push(process.memoryUsage.rss());
}
await engine.close();
process.stdout.write(JSON.stringify(resident));
