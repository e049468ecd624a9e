import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedGeneric, openGenericEngine } from '../../../src/engine/generic/genericEngine.js';
import { isGenericFolder } from '../../../src/engine/generic/genericFolder.js';
import type { GenerationOptions } from '../../../src/engine/types.js';

const FIXTURES = path.join(import.meta.dirname, 'fixtures');
const BART = path.join(FIXTURES, 'bart');
const END = 1;

/** What transformers on PyTorch generates with the same weights; made by scripts/fixtures/make_generic_model.py. */
const rows = JSON.parse(readFileSync(path.join(FIXTURES, 'outputs.json'), 'utf8')) as {
  options: Record<string, number | boolean>;
  text: string;
  ids: number[];
}[];

let bart: OpenedGeneric;
beforeAll(async () => {
  bart = await openGenericEngine(BART);
});
afterAll(async () => bart.engine.close());

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-generic-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function copyOfBart(name: string): string {
  const dir = path.join(scratch, name);
  cpSync(BART, dir, { recursive: true });
  return dir;
}

function camelCase(options: Record<string, unknown>): GenerationOptions {
  const renamed = Object.entries(options).map(([name, value]) => [
    name.replace(/_(\w)/g, (_, c) => c.toUpperCase()),
    value,
  ]);
  return { numBeams: 1, ...Object.fromEntries(renamed) } as GenerationOptions;
}

describe('a BART exported to ONNX', () => {
  const cases = [...new Set(rows.map(({ options }) => JSON.stringify(options)))];

  it.each(cases)('generates what Hugging Face does, in one batch: %s', async (shown) => {
    const expected = rows.filter(({ options }) => JSON.stringify(options) === shown);
    const inputs = expected.map(({ text }) => bart.tokenizer.encode(text, { maxTokens: 64 }));
    const results = await bart.engine.generate(inputs, camelCase(JSON.parse(shown)));
    expect(results.map(({ sequences }) => [...sequences[0].tokenIds])).toEqual(expected.map(({ ids }) => ids));
    expect(results.map(({ index }) => index)).toEqual(expected.map((_, index) => index));
    expect(results.map(({ inputTokens }) => inputTokens)).toEqual(inputs.map(({ ids }) => ids.length));
    for (const { sequences } of results) {
      const { tokenIds, finishReason } = sequences[0];
      expect(finishReason).toBe(tokenIds.at(-1) === END ? 'eos' : 'length');
      expect(tokenIds.indexOf(END)).toBe(finishReason === 'eos' ? tokenIds.length - 1 : -1);
    }
  });

  it('the fixture has early ends and outputs that vary', () => {
    expect(rows.filter(({ ids }) => ids.at(-1) === END).length).toBeGreaterThan(10);
    expect(new Set(rows.map(({ ids }) => ids.join())).size).toBeGreaterThan(30);
  });

  it('samples the same whatever stands beside a document, and something else for another seed', async () => {
    const texts = ['The council approved', 'a new budget', 'apples and pears'];
    const inputs = texts.map((text) => bart.tokenizer.encode(text));
    const sample = async (some: typeof inputs, seed: number) => {
      const options = { doSample: true, topK: 0, temperature: 1.5, maxNewTokens: 20, seed, numReturnSequences: 3 };
      const results = await bart.engine.generate(some, options);
      return results.map(({ sequences }) => sequences.map(({ tokenIds }) => tokenIds.join()));
    };
    const together = await sample(inputs, 3);
    expect(together.map((sequences) => sequences.length)).toEqual([3, 3, 3]);
    expect((await sample([inputs[1]], 3))[0]).toEqual(together[1]);
    expect(await sample(inputs, 4)).not.toEqual(together);
    expect(new Set(together.flat()).size).toBeGreaterThan(6);
  });

  it('scores a target as the sum of what greedy search said of it', async () => {
    const input = bart.tokenizer.encode('The council approved a new budget for schools.');
    const options = { numBeams: 1, maxNewTokens: 12, returnScores: true };
    const [{ sequences }] = await bart.engine.generate([input], options);
    const [[score]] = await bart.engine.score([input], [[sequences[0].tokenIds]]);
    expect(score.score).toBeCloseTo(sequences[0].score!, 3);
    expect([...score.tokenScores].map((value) => value.toFixed(3))).toEqual(
      [...sequences[0].tokenScores!].map((value) => value.toFixed(3)),
    );
    await expect(bart.engine.score([input], [[Int32Array.of(9999)]])).rejects.toThrow('[input] bad targets of input 0');
  });
});

describe('what it refuses by name', () => {
  const generate = (options: GenerationOptions, text = 'x', maxTokens = 512) =>
    bart.engine.generate([bart.tokenizer.encode(text, { maxTokens })], options);

  it('unknown options, batches, and positions that the model does not have', async () => {
    await expect(generate({ nonsense: 1 } as GenerationOptions)).rejects.toThrow(
      '[generation] unknown option nonsense',
    );
    await expect(openGenericEngine(BART, { batchRows: 8 })).rejects.toThrow('[engine] batchRows is 8');
    await expect(generate({ numBeams: 1 }, 'word '.repeat(300))).rejects.toThrow('expected at most 96, the positions');
    await expect(generate({ numBeams: 1, maxNewTokens: 96 })).rejects.toThrow('outputs may have 97 tokens');
    expect(bart.tokenizer.encode('word '.repeat(300))).toMatchObject({ truncated: true });
    expect(bart.tokenizer.encode('word '.repeat(300)).ids).toHaveLength(96);
  });

  it('a precision that is not there; of those that are, int8 is the first', async () => {
    await expect(openGenericEngine(BART, { precision: 'int8' })).rejects.toThrow(
      `[model] ${path.join(BART, 'onnx')} has fp32, expected encoder_model*.onnx and decoder_model_merged*.onnx in int8`,
    );
    const dir = copyOfBart('quantized');
    for (const part of ['encoder_model', 'decoder_model_merged']) {
      cpSync(path.join(dir, `onnx/${part}.onnx`), path.join(dir, `onnx/${part}_quantized.onnx`));
    }
    const opened = await openGenericEngine(dir);
    expect([bart.precision, opened.precision]).toEqual(['fp32', 'int8']);
    await opened.engine.close();
  });

  it('half an export, a pointer, a broken graph, a model of a kind it does not know', async () => {
    const half = copyOfBart('half');
    rmSync(path.join(half, 'onnx/encoder_model.onnx'));
    await expect(openGenericEngine(half)).rejects.toThrow('has no complete pair of an encoder and a decoder');

    const pointer = copyOfBart('pointer');
    writeFileSync(path.join(pointer, 'onnx/encoder_model.onnx'), 'version https://git-lfs.github.com/spec/v1\n');
    await expect(openGenericEngine(pointer)).rejects.toThrow('encoder_model.onnx is a Git-LFS pointer');

    const broken = copyOfBart('broken');
    truncateSync(path.join(broken, 'onnx/decoder_model_merged.onnx'), 1000);
    await expect(openGenericEngine(broken)).rejects.toThrow(
      `[model] ${broken}: transformers.js does not open this model`,
    );

    const config = JSON.parse(readFileSync(path.join(BART, 'config.json'), 'utf8')) as Record<string, unknown>;
    const unknown = copyOfBart('unknown');
    writeFileSync(path.join(unknown, 'config.json'), JSON.stringify({ ...config, model_type: 'nonsense' }));
    await expect(openGenericEngine(unknown)).rejects.toThrow('transformers.js does not open this model');

    const wordless = copyOfBart('wordless');
    writeFileSync(
      path.join(wordless, 'config.json'),
      JSON.stringify({ ...config, vocab_size: undefined, pad_token_id: 'x' }),
    );
    rmSync(path.join(wordless, 'generation_config.json'));
    await expect(openGenericEngine(wordless)).rejects.toMatchObject({
      details: expect.arrayContaining(['vocabSize: missing', 'padTokenId: "x"']),
    });
  });

  it('is not chosen for folders without an export', () => {
    expect([isGenericFolder(BART), isGenericFolder(FIXTURES), isGenericFolder(scratch)]).toEqual([true, false, false]);
  });
});
