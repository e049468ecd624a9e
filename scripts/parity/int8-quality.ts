/**
 * How close int8 (or fp16) comes to fp32 on a seeded checkpoint, under forced decoding:
 *   node dist/scripts/parity/int8-quality.js --family t5 --size small --documents 64
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFullTokenizer } from '../../bench/models.js';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import type { Family, Size } from '../seeded/config.js';
import { writeSeededCheckpoint } from '../seeded-checkpoint.js';
import { measureAgreement } from './agreement.js';
import { mixedDocuments } from './documents.js';

const { values } = parseArgs({
  options: {
    checkpoint: { type: 'string' },
    family: { type: 'string', default: 't5' },
    size: { type: 'string', default: 'small' },
    seed: { type: 'string', default: '1' },
    precision: { type: 'string', default: 'int8' },
    documents: { type: 'string', default: '64' },
    shortest: { type: 'string', default: '32' },
    longest: { type: 'string', default: '512' },
    tokens: { type: 'string', default: '60' },
  },
});

const home = mkdtempSync(join(tmpdir(), 'precis-quality-'));
process.env.PRECIS_HOME ??= join(home, 'home');
try {
  const folder = values.checkpoint ?? join(home, 'checkpoint');
  if (values.checkpoint === undefined) {
    // T5's own size of vocabulary; ByT5's is always 384, and tiny models have small ones.
    const full = values.size === 'small' && values.family !== 'byt5';
    const tokenizer = join(home, 'tokenizer');
    if (full) writeFullTokenizer(tokenizer);
    writeSeededCheckpoint({
      tokenizer: full ? tokenizer : undefined,
      out: folder,
      family: values.family as Family,
      size: values.size as Size,
      seed: Number(values.seed),
    });
  }
  const checkpoint = openCheckpoint(folder);
  checkpoint.weights.close();
  const documents = mixedDocuments({
    count: Number(values.documents),
    shortest: Number(values.shortest),
    longest: Number(values.longest),
    vocabSize: checkpoint.config.vocabSize,
  });
  const found = await measureAgreement(folder, values.precision as 'int8' | 'fp16', documents, Number(values.tokens));
  const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;
  const { expected, agreed, tooEarly } = found.ends;
  console.log(`${values.precision} against fp32, ${documents.length} documents, ${found.tokens} tokens`);
  console.log(
    `next token agrees: ${percent(found.mean)} (mean of documents), ${percent(found.pooled)} (of all tokens)`,
  );
  console.log(`worst document: ${percent(found.worstDocument)}`);
  console.log(`end token: ${agreed} of ${expected} agree, ${tooEarly} too early`);
  console.log(`log-probability of fp32's choice differs by ${found.meanScoreDifference.toFixed(4)} on average`);
  console.log('relative error, encoder:');
  found.encoderErrors.forEach((error, place) => {
    const last = place === found.encoderErrors.length - 1;
    const sublayer = place % 2 === 0 ? 'attention reads' : 'feed-forward reads';
    console.log(`  ${last ? 'states' : `layer ${Math.floor(place / 2)} ${sublayer}`}: ${percent(error)}`);
  });
  console.log("relative error, decoder's self-attention keys and values:");
  found.decoderErrors.forEach((error, layer) => {
    console.log(`  layer ${layer}: ${percent(error)}`);
  });
} finally {
  rmSync(home, { recursive: true, force: true });
}
