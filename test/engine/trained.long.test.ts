import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { pairOf } from '../../scripts/corpus/pairs.js';
import { compareTrained, readTheirs, tell, weightsSha256 } from '../../scripts/parity/trained.js';
import { hasModule, python } from '../python.js';

const DOCUMENTS = 300;
const MODEL = fileURLToPath(new URL('../../models/precis-tiny', import.meta.url));
const SCRIPT = fileURLToPath(new URL('../../scripts/parity/make_trained_fixture.py', import.meta.url));

const isThere = existsSync(join(MODEL, 'model.safetensors'));
if (!isThere) console.log('skipped the built-in model against transformers: models/precis-tiny has no weights yet');
const canCompare = isThere && hasModule('torch') && hasModule('transformers');

const home = mkdtempSync(join(tmpdir(), 'precis-trained-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(!canCompare)('the built-in model in fp32 against transformers', () => {
  it(`gives the same token ids on ${DOCUMENTS} held-out documents`, async () => {
    const pairs = Array.from({ length: DOCUMENTS }, (_, number) =>
      pairOf('test', number, 1, { least: 60, most: 700 }, { only: 'summarize' }),
    );
    const file = join(home, 'theirs.json.gz');
    const input = pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');
    const made = spawnSync(python!, [SCRIPT, MODEL, file], { input, encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
    const theirs = readTheirs(file);
    expect(theirs.weightsSha256).toBe(weightsSha256(MODEL));
    for (const parity of await compareTrained(MODEL, theirs)) {
      console.log(tell(parity));
      expect(parity.mismatches).toEqual([]);
      expect(parity.ended).toBeGreaterThan(0.99 * DOCUMENTS);
    }
  });
});
