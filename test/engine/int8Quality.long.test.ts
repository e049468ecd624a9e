import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeFullTokenizer } from '../../bench/models.js';
import { measureAgreement } from '../../scripts/parity/agreement.js';
import { mixedDocuments } from '../../scripts/parity/documents.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';

const home = mkdtempSync(join(tmpdir(), 'precis-quality-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('int8 agrees with fp32 on at least 98% of the tokens at the size of T5-small', async () => {
  const checkpoint = join(home, 't5');
  const tokenizer = join(home, 'tokenizer');
  writeFullTokenizer(tokenizer);
  writeSeededCheckpoint({ out: checkpoint, family: 't5', size: 'small', seed: 1, tokenizer });
  const documents = mixedDocuments({ count: 64, shortest: 32, longest: 512, vocabSize: 32_128 });
  const int8 = await measureAgreement(checkpoint, 'int8', documents, 60);
  console.log(JSON.stringify(int8));
  expect(int8.tokens).toBeGreaterThan(documents.length * 30);
  expect(int8.mean).toBeGreaterThanOrEqual(0.98);
});
