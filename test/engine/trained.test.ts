import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { compareTrained, readTheirs, tell, weightsSha256 } from '../../scripts/parity/trained.js';

const MODEL = fileURLToPath(new URL('../../models/precis-tiny', import.meta.url));
const FIXTURE = new URL('fixtures/trained.json.gz', import.meta.url);

const isThere = existsSync(join(MODEL, 'model.safetensors'));
if (!isThere) console.log('skipped the built-in model against transformers: models/precis-tiny has no weights yet');

const home = mkdtempSync(join(tmpdir(), 'precis-trained-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(!isThere)('the built-in model in fp32 against transformers', () => {
  it('has the weights that the fixture was made with', () => {
    expect(weightsSha256(MODEL)).toBe(readTheirs(FIXTURE).weightsSha256);
  });

  it('summarizes held-out documents with the same token ids, greedy and with beams, and ends by itself', async () => {
    const parities = await compareTrained(MODEL, readTheirs(FIXTURE));
    expect(parities.map(({ name }) => name)).toEqual(['greedy', 'beams 4']);
    for (const parity of parities) {
      console.log(tell(parity));
      expect(parity.mismatches).toEqual([]);
      expect(parity.scoreDifference).toBeLessThan(1e-3);
      expect(parity.ended).toBe(parity.rows);
    }
  });
});
