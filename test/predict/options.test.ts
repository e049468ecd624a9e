import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { convertCheckpoint as convertUnchecked } from '../../src/graph/convert.js';
import {
  type ConvertOptions,
  convertCheckpoint,
  type LoadedModel,
  type LoadOptions,
  loadModel,
  PrecisError,
  type TextOptions,
} from '../../src/index.js';
import { chooseTask, taskPrefix } from '../../src/text/prompt.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-predict-'));
const folder = path.join(scratch, 'model');
const home = path.join(scratch, 'home');
process.env.PRECIS_HOME = home;
const TASKS = { summarization: { prefix: 'some words: ' }, other: { prefix: 'other words: ' } };

beforeAll(() => {
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny', eos: 'never', taskSpecificParams: TASKS });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Refused with a PrecisError that says this. */
async function refused(promise: Promise<unknown>, message: string): Promise<void> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PrecisError);
  expect((error as PrecisError).message).toContain(message);
}

describe('before anything is opened', () => {
  it.each<[unknown, string]>([
    [
      { precison: 'fp32' },
      '[usage] unknown option precison, expected one of precision, batchRows, threads, task, tokenizer; did you mean precision?',
    ],
    [{ precision: 'FP32' }, '[usage] option precision is "FP32", expected one of auto, fp32, int8, fp16'],
    [{ batchRows: Number.NaN }, 'option batchRows is NaN, expected a whole number of at least 1'],
    [{ batchRows: 0 }, 'option batchRows is 0'],
    [{ batchRows: '8' }, 'option batchRows is "8"'],
    [{ threads: 1.5 }, 'option threads is 1.5, expected a whole number from 1 to 1024'],
    [{ threads: 1e6 }, 'option threads is 1000000'],
    [{ task: 7 }, 'option task is 7, expected a text'],
    [{ tokenizer: null }, 'option tokenizer is null'],
    [{ __proto__: null, toString: 1 }, 'unknown option toString'],
    ['fp32', 'the options are "fp32", expected an object'],
  ])('loadModel refuses %j', (options, message) => refused(loadModel(folder, options as LoadOptions), message));

  it.each<[unknown, string]>([
    [{ precison: 'fp32' }, 'did you mean precision?'],
    [{ precision: 'FP32' }, 'option precision is "FP32"'],
    [{ kernels: { crossKernel: 'row', weightLimit: 100 } }, 'weightLimit 127 or 63'],
  ])('convertCheckpoint refuses %j', async (options, message) => {
    await refused(convertCheckpoint(folder, options as ConvertOptions), message);
    expect(existsSync(path.join(home, 'converted'))).toBe(false);
  });

  it('no precision that does not exist names a folder of the cache', async () => {
    await refused(convertUnchecked(folder, { precision: 'FP32' } as never), 'precision is "FP32"');
    expect(existsSync(path.join(home, 'converted'))).toBe(false);
  });
});

describe('a task', () => {
  it('that is asked for must be known, and is refused before the conversion', async () => {
    const message = `task "sumarization" is not in the model's task_specific_params, expected one of summarization, other`;
    await refused(loadModel(folder, { task: 'sumarization' }), message);
    await refused(loadModel(folder, { task: 'toString' }), 'task "toString" is not in');
    expect(existsSync(path.join(home, 'converted'))).toBe(false);
  });

  it('need not be known where it is the default or the model names none', async () => {
    expect(chooseTask({ other: {} }, undefined)).toBe('summarization');
    expect(chooseTask({}, 'anything')).toBe('anything');
    expect(taskPrefix({}, 'toString')).toBe('');
  });
});

describe('an open model', () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await loadModel(folder, { precision: 'fp32', batchRows: undefined });
  });
  afterAll(() => model.close());

  it.each<[unknown, string]>([
    [{ maxInputToken: 5 }, 'did you mean maxInputTokens?'],
    [{ maxInputTokens: Number.NaN }, 'option maxInputTokens is NaN'],
    [{ prefix: 3 }, 'option prefix is 3, expected a text'],
    [{ onResult: true }, 'option onResult is true, expected a function'],
    [{ signal: {} }, 'option signal is {}, expected an AbortSignal'],
  ])('refuses %j', (how, message) => refused(model.generateTexts(['people'], {}, how as TextOptions), message));

  it('refuses what are no texts', async () => {
    await refused(model.generateTexts('people' as never), 'the texts are "people", expected a list of texts');
    await refused(model.generateTexts(['people', 3] as never), 'text 1 is 3, expected a text');
  });

  it('hands out the score of each token when asked, and none otherwise', async () => {
    const greedy = { numBeams: 1, maxNewTokens: 6 };
    const plain = (await model.generateTexts(['people'], greedy)).results[0];
    expect(plain.tokenScores).toBeNull();
    const { score, tokenScores } = (await model.generateTexts(['people'], { ...greedy, returnScores: true }))
      .results[0];
    expect(tokenScores).toHaveLength(6);
    expect(tokenScores?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(score as number, 3);
  });

  it('scores given targets, the end token included', async () => {
    const [[one, other]] = await model.score(['people made water'], [['people', 'some words']]);
    expect(one.tokenScores.reduce((sum, value) => sum + value, 0)).toBeCloseTo(one.logLikelihood, 4);
    expect(other.logLikelihood).not.toBe(one.logLikelihood);
    const [[bare]] = await model.score(['people made water'], [['people']], { prefix: '' });
    expect(bare.logLikelihood).not.toBe(one.logLikelihood);
    await refused(model.score(['people'], [['words '.repeat(2000)]]), 'is too long, expected at most');
    await refused(model.score(['people'], []), '1 inputs and 0 lists of targets');
  });
});
