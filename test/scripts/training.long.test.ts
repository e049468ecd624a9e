import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hasModule, python } from '../python.js';

const SCRIPTS = fileURLToPath(new URL('../../scripts/train', import.meta.url));
const canTrain = hasModule('torch') && hasModule('tokenizers') && hasModule('sentencepiece');
/** On two cores with nothing else to do. */
const MINUTES = 10;

const out = mkdtempSync(join(tmpdir(), 'precis-training-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe.skipIf(!canTrain)('training with the smallest preset', () => {
  it(`reaches its stated score from the seed within ${MINUTES} minutes`, () => {
    const preset = join(SCRIPTS, 'presets/smoke.json');
    const args = [join(SCRIPTS, 'train.py'), preset, out, '--target'];
    const { status, stdout, stderr } = spawnSync(python!, args, { encoding: 'utf8', timeout: MINUTES * 60_000 });
    console.log(stdout.split('\n').slice(-4).join('\n'));
    expect(status, stderr).toBe(0);
    const log = readFileSync(join(out, 'log.jsonl'), 'utf8').trim().split('\n');
    const found = JSON.parse(log.at(-1)!);
    expect(found.rouge_l).toBeGreaterThanOrEqual(JSON.parse(readFileSync(preset, 'utf8')).target.rouge_l);
    expect(found.rouge_l).toBeGreaterThan(found.lead_3);
  });
});
