import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { openGenericEngine } from '../../src/engine/generic/genericEngine.js';
import { type Engine, NativeEngine, openEngine } from '../../src/engine/index.js';
import { GraphSession, tensor } from '../../src/engine/session.js';
import { convertCheckpoint } from '../../src/graph/convert.js';
import { openModel } from '../../src/predict/openModel.js';

interface Fixture {
  readonly models: readonly {
    readonly family: 't5' | 't5-v1.1' | 'mt5' | 'byt5';
    readonly seed: number;
    readonly weightsSha256: string;
    readonly rows: readonly { readonly document: readonly number[]; readonly embedding: readonly number[] }[];
  }[];
}

const path = new URL('fixtures/embed.json.gz', import.meta.url);
const fixture = JSON.parse(gunzipSync(readFileSync(path)).toString()) as Fixture;
const home = mkdtempSync(join(tmpdir(), 'precis-embed-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const input = (ids: readonly number[]) => ({ ids: Int32Array.from(ids), truncated: false });
const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
/** The distance of two vectors against the length of the second. */
const distance = (ours: ArrayLike<number>, theirs: ArrayLike<number>) =>
  norm(Array.from(theirs, (value, i) => ours[i] - value)) / norm(theirs);
const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, i) => value * b[i]).reduce((sum, value) => sum + value, 0) / (norm(a) * norm(b));

/** Measured at the least: 0.99984. */
const INT8_COSINE = 0.9995;

describe.each(fixture.models)('embeddings of $family', ({ family, seed, weightsSha256, rows }) => {
  const folder = join(home, family);
  const inputs = rows.map(({ document }) => input(document));
  beforeAll(() => writeSeededCheckpoint({ out: folder, family, size: 'tiny', seed }));

  async function embed(precision: 'fp32' | 'int8' | 'fp16'): Promise<Float32Array[]> {
    const engine = await openEngine(folder, { precision });
    try {
      return await engine.embed(inputs);
    } finally {
      await engine.close();
    }
  }

  it("are the mean of Hugging Face's encoder states, in fp32", async () => {
    const weights = readFileSync(join(folder, 'model.safetensors'));
    expect(createHash('sha256').update(weights).digest('hex')).toBe(weightsSha256);
    const ours = await embed('fp32');
    rows.forEach(({ embedding }, row) => {
      expect(ours[row]).toHaveLength(embedding.length);
      expect(distance(ours[row], embedding)).toBeLessThan(1e-4);
    });
  });

  it('point the same way in int8 and fp16', async () => {
    const int8 = await embed('int8');
    const fp16 = await embed('fp16');
    rows.forEach(({ embedding }, row) => {
      expect(cosine(int8[row], embedding)).toBeGreaterThan(INT8_COSINE);
      expect(cosine(fp16[row], embedding)).toBeGreaterThan(0.99999);
    });
  });
});

describe('an embedding', () => {
  const [{ family, seed, rows }] = fixture.models;
  const folder = join(home, 'alone');
  const inputs = rows.map(({ document }) => input(document));
  beforeAll(() => writeSeededCheckpoint({ out: folder, family, size: 'tiny', seed }));

  it.each(['row', 'packed', 'absorbed'] as const)('does not depend on what is beside it: %s', async (crossKernel) => {
    const { dir } = await convertCheckpoint(folder, { precision: 'int8', kernels: { crossKernel, weightLimit: 127 } });
    const engine: Engine = await NativeEngine.open(dir, { defaults: openCheckpoint(folder).defaults });
    const together = await engine.embed(inputs);
    const backwards = await engine.embed([...inputs].reverse());
    expect(backwards.reverse()).toEqual(together);
    // Nor on what the engine did before it, or does beside it.
    const [alone, generated] = await Promise.all([
      engine.embed([inputs[3]]),
      engine.generate(inputs, { numBeams: 1, maxNewTokens: 4 }),
    ]);
    expect(alone).toEqual([together[3]]);
    expect(generated).toHaveLength(inputs.length);
    await engine.close();
  });

  it('can be stopped, and is refused for no tokens', async () => {
    const engine = await openEngine(folder, { precision: 'fp32' });
    const stop = new AbortController();
    let done = 0;
    const onResult = () => {
      done++;
      stop.abort();
    };
    await expect(engine.embed(inputs, { onResult, signal: stop.signal })).rejects.toThrow('aborted');
    expect(done).toBe(1);
    expect(await engine.embed([])).toEqual([]);
    await expect(engine.embed([input([])])).rejects.toThrow('input 0 has no tokens');
    await engine.close();
  });

  it('of a text is that of its tokens, without a prefix unless one is given', async () => {
    const tasks = { summarization: { prefix: 'summarize: ' } };
    const prefixed = join(home, 'prefixed');
    writeSeededCheckpoint({ out: prefixed, family, size: 'tiny', seed, taskSpecificParams: tasks });
    const model = await openModel(prefixed, { precision: 'fp32' });
    const [bare] = await model.embed(['the council met']);
    const [given] = await model.embed(['the council met'], { prefix: 'summarize: ' });
    const [joined] = await model.embed(['summarize: the council met']);
    expect(given).toEqual(joined);
    expect(distance(given, bare)).toBeGreaterThan(0.01);
    await expect(model.embed(['x'], { prefx: 'y' } as object)).rejects.toThrow('did you mean prefix?');
    await model.close();
    await expect((await openModel('builtin:echo')).embed(['x'])).rejects.toThrow('builtin:echo embeds no texts');
  });
});

describe('embeddings of the generic engine', () => {
  const BART = join(import.meta.dirname, 'generic/fixtures/bart');

  it('are the mean of its encoder states and depend on no neighbour', async () => {
    const { engine, tokenizer } = await openGenericEngine(BART);
    const texts = ['The council approved', 'apples and pears', 'The council approved'];
    const inputs = texts.map((text) => tokenizer.encode(text));
    const [first, other, again] = await engine.embed(inputs);
    expect(again).toEqual(first);
    expect(distance(other, first)).toBeGreaterThan(0.05);
    // The same from the encoder's graph itself.
    const graph = await GraphSession.open(join(BART, 'onnx/encoder_model.onnx'), 1);
    for (const [row, embedding] of [first, other].entries()) {
      const ids = BigInt64Array.from(inputs[row].ids, BigInt);
      const ones = new BigInt64Array(ids.length).fill(1n);
      const feeds = {
        input_ids: tensor('int64', ids, [1, ids.length]),
        attention_mask: tensor('int64', ones, [1, ids.length]),
      };
      const { last_hidden_state: states } = await graph.run(feeds, { last_hidden_state: null });
      const [, length, width] = states.dims;
      const mean = Array.from({ length: width }, (_, channel) => {
        const values = Array.from({ length }, (_, token) => Number(states.data[token * width + channel]));
        return values.reduce((sum, value) => sum + value, 0) / length;
      });
      expect(distance(embedding, mean)).toBeLessThan(1e-5);
    }
    await graph.close();
    await expect(engine.embed([tokenizer.encode('word '.repeat(300), { maxTokens: 512 })])).rejects.toThrow(
      'expected at most 96, the positions',
    );
    await engine.close();
  });
});
