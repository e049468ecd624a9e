/** A worker of the invariance test: generates for its share of the documents with the built engine and prints the token ids as JSON. */
import { readFileSync } from 'node:fs';
import { openEngine } from '../../dist/src/engine/index.js';

const { checkpoint, precision, batchRows, options, documents } = JSON.parse(readFileSync(0, 'utf8'));
const engine = await openEngine(checkpoint, { precision, batchRows });
const inputs = documents.map((ids) => ({ ids: Int32Array.from(ids), truncated: false }));
const results = await engine.generate(inputs, options);
await engine.close();
process.stdout.write(JSON.stringify(results.map(({ sequences }) => sequences.map(({ tokenIds }) => [...tokenIds]))));
