import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { precisWith } from './precis.js';

const BART = path.resolve(import.meta.dirname, '../engine/generic/fixtures/bart');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-models-'));
const model = path.join(scratch, 'model');
const home = path.join(scratch, 'home');
const precis = precisWith(home);

beforeAll(() => {
  const taskSpecificParams = { summarization: { prefix: 'some words: ', num_beams: 2, max_length: 9 }, bare: {} };
  writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny', taskSpecificParams });
});
afterAll(() => rmSync(scratch, { recursive: true }));

function json(args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = precis([...args, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

function convert(precision: string): { dir: string } {
  return json(['models', 'convert', model, '--precision', precision]) as { dir: string };
}

/** Changes one bit in the middle of a file */
function flipBit(file: string): void {
  const { size } = statSync(file);
  const handle = openSync(file, 'r+');
  const byte = new Uint8Array(1);
  readSync(handle, byte, 0, 1, size >> 1);
  byte[0] ^= 1;
  writeSync(handle, byte, 0, 1, size >> 1);
  closeSync(handle);
  expect(statSync(file).size).toBe(size);
}

describe('precis models list', () => {
  it('shows the built-in models before anything was converted', () => {
    const { models } = json(['models', 'list']) as { models: { name: string; kind: string }[] };
    expect(models.map(({ kind }) => kind)).toEqual(['shipped', ...models.slice(1).map(() => 'builtin')]);
    expect(models.map(({ name }) => name)).toEqual(expect.arrayContaining(['builtin:precis-tiny', 'builtin:lead-3']));
  });

  it('shows each conversion with its folder, size and last use', () => {
    const { dir } = convert('fp32');
    convert('int8');
    const before = precis(['models', 'list']).stdout;
    expect(before.match(new RegExp(`^${model} `, 'gm'))).toHaveLength(2);

    const converted = () =>
      (json(['models', 'list']) as { models: Record<string, unknown>[] }).models.filter(
        (one) => one.kind === 'converted',
      );
    const one = converted().find(({ precision }) => precision === 'fp32')!;
    const bytes = readdirSync(dir).reduce((sum, name) => sum + statSync(path.join(dir, name)).size, 0);
    expect(one).toMatchObject({
      name: model,
      folders: [model],
      dir,
      bytes,
      current: true,
      parameters: expect.any(Number),
    });

    convert('fp32');
    const [newest, other] = converted();
    expect(newest).toMatchObject({ precision: 'fp32', converted: one.converted });
    expect(Date.parse(newest.last_used as string)).toBeGreaterThan(Date.parse(other.last_used as string));
  });
});

describe('precis models show', () => {
  it('describes a checkpoint', () => {
    const { dir } = convert('fp32');
    const shown = json(['models', 'show', model]);
    expect(shown).toMatchObject({
      model,
      kind: 'checkpoint',
      family: 't5',
      config: { numLayers: 2, numDecoderLayers: 2, vocabSize: 640 },
      tasks: { summarization: 'some words: ', bare: '' },
      generation: { numBeams: 2, maxLength: 9 },
      tokenizer: { max_input_tokens: 512, problem: null },
    });
    expect(shown.conversions).toContainEqual(expect.objectContaining({ precision: 'fp32', dir, current: true }));
    const { stdout } = precis(['models', 'show', model]);
    expect(stdout).toContain('summarization ("some words: ")');
  });

  it('describes an ONNX export and a model without weights', () => {
    expect(json(['models', 'show', BART])).toMatchObject({ kind: 'ONNX export', generation: expect.any(Object) });
    expect(json(['models', 'show', 'builtin:lead-3'])).toMatchObject({ kind: 'builtin', family: 'builtin:lead-3' });
  });

  it.each<[string[], number, string]>([
    [['models', 'show'], 2, '0 models are given, expected one'],
    [['models', 'show', './nowhere'], 1, './nowhere is no folder'],
    [['models', 'show', 'builtin:lead-9'], 1, 'builtin:lead-9 is no built-in model'],
  ])('%j', (args, status, message) => {
    const done = precis(args);
    expect({ status: done.status, stdout: done.stdout }).toEqual({ status, stdout: '' });
    expect(done.stderr).toContain(message);
  });
});

describe('precis models verify', () => {
  interface Verified {
    ok: boolean;
    checks: { name: string; problems: string[] }[];
  }

  function verify(uri: string): { status: number | null; verified: Verified } {
    const { status, stdout } = precis(['models', 'verify', uri, '--json']);
    return { status, verified: JSON.parse(stdout) as Verified };
  }

  it('finds nothing wrong with what is right, in every conversion', () => {
    for (const precision of ['fp32', 'int8', 'fp16']) convert(precision);
    const { status, verified } = verify(model);
    expect(status).toBe(0);
    expect(verified.ok).toBe(true);
    for (const precision of ['fp32', 'int8', 'fp16']) {
      expect(verified.checks).toContainEqual({ name: `the ${precision} conversion is whole`, problems: [] });
    }
    expect(verify('builtin:textrank').verified.ok).toBe(true);
    expect(verify(BART).verified.ok).toBe(true);
    expect(readdirSync(path.join(home, 'verify'))).toEqual([]);
  });

  it('finds one bit that changed in converted weights', () => {
    const { dir } = convert('fp32');
    const file = path.join(dir, 'weights.bin');
    const whole = readFileSync(file);
    flipBit(file);
    try {
      const { status, verified } = verify(model);
      expect(status).toBe(1);
      const wrong = verified.checks.filter(({ problems }) => problems.length > 0);
      expect(wrong).toHaveLength(1);
      expect(wrong[0].problems[0]).toBe(
        `${file} differs from the checkpoint's conversion at byte ${whole.length >> 1}`,
      );
      expect(precis(['models', 'verify', model]).stdout).toContain('WRONG   the fp32 conversion is whole');
    } finally {
      writeFileSync(file, whole);
    }
  });

  it('finds a graph that is missing from a conversion', () => {
    const { dir } = convert('fp32');
    const file = path.join(dir, 'encoder.onnx');
    const whole = readFileSync(file);
    rmSync(file);
    try {
      expect(verify(model).verified.checks.flatMap(({ problems }) => problems)).toContain(`${file} is missing`);
    } finally {
      writeFileSync(file, whole);
    }
  });

  it('finds weights that are no numbers', () => {
    const broken = path.join(scratch, 'broken');
    writeSeededCheckpoint({ out: broken, family: 't5', size: 'tiny' });
    const file = path.join(broken, 'model.safetensors');
    const bytes = readFileSync(file);
    // The last tensor's last value becomes a NaN.
    bytes.writeUInt32LE(0x7fc00000, bytes.length - 4);
    writeFileSync(file, bytes);
    const { status, verified } = verify(broken);
    expect(status).toBe(1);
    expect(verified.checks[0].problems).toEqual([expect.stringMatching(/has 1 values that are NaN or infinite$/)]);
  });

  it('says why a checkpoint does not open', () => {
    const { status, stderr } = precis(['models', 'verify', scratch]);
    expect(status).toBe(1);
    expect(stderr).toContain('has no config.json');
  });
});
