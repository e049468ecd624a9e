import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeSeededCheckpoint } from '../../../scripts/seeded-checkpoint.js';
import { type AiFunction, aiFunction } from '../../../src/predict/functions/aiFunction.js';
import type { AiName, AiOptions } from '../../../src/predict/functions/aiOptions.js';
import { matchInstruction } from '../../../src/predict/functions/instruction.js';
import { openModel } from '../../../src/predict/openModel.js';
import type { LoadedModel } from '../../../src/predict/types.js';
import { textBatches, valuesOf } from './columns.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-functions-'));
process.env.PRECIS_HOME = path.join(scratch, 'home');
const folder = path.join(scratch, 'model');
const TASKS = {
  summarization: { prefix: 'summarize: ', num_beams: 1, max_length: 9 },
  title: { prefix: 'title: ', num_beams: 1, max_new_tokens: 5 },
  translation_en_to_de: { prefix: 'translate English to German: ', max_length: 7 },
};
const TEXTS = [
  'the council met',
  'a budget was approved, and nobody objected to it',
  null,
  'apples',
  'the council met',
  '',
];
const LABELS = ['news', 'sports and games', 'fruit'];
const POOL = { workers: 1, precision: 'fp32' } as const;
const SHORT = { numBeams: 1, maxNewTokens: 6 };

let model: LoadedModel;
const opened: AiFunction[] = [];
beforeAll(async () => {
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny', eos: 'some', taskSpecificParams: TASKS });
  model = await openModel(folder, { precision: 'fp32' });
});
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await model.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function open<Name extends AiName>(name: Name, options: AiOptions[Name], uri = folder): Promise<AiFunction> {
  const made = await aiFunction(name, uri, { ...POOL, ...options });
  opened.push(made);
  return made;
}

const isText = (text: string | null): text is string => text !== null;
/** The values of the texts, with null where there is none. */
function spread<Value>(values: readonly Value[]): (Value | null)[] {
  let next = 0;
  return TEXTS.map((text) => (text === null ? null : values[next++]));
}

describe('AI functions over a column', () => {
  it.each([
    ['none', undefined],
    ['tokens', undefined],
    ['none', 'is this {labels}? '],
  ] as const)('classify chooses by likelihood: normalize %s, prompt %j', async (normalize, prompt) => {
    const call = await open('classify', { labels: LABELS, normalize, prompt });
    const values = await valuesOf(call('text'), textBatches(TEXTS.slice(0, 4), TEXTS.slice(4)));

    const texts = TEXTS.filter(isText);
    const prefix = (prompt ?? 'classify: labels: {labels} text: ').replace('{labels}', 'news, sports and games, fruit');
    const likelihoods = await model.score(
      texts,
      texts.map(() => LABELS),
      { prefix },
    );
    const expected = likelihoods.map((ofText) => {
      const logs = ofText.map(({ logLikelihood, tokenScores }) =>
        normalize === 'tokens' ? logLikelihood / tokenScores.length : logLikelihood,
      );
      const weights = logs.map(Math.exp);
      const total = weights[0] + weights[1] + weights[2];
      const best = logs.indexOf(Math.max(...logs));
      return { label: LABELS[best], shares: weights.map((weight) => weight / total) };
    });
    values.forEach((value, row) => {
      const wanted = spread(expected)[row];
      if (wanted === null) {
        expect(value).toBeNull();
        return;
      }
      const { label, score, scores } = value as { label: string; score: number; scores: Record<string, number> };
      expect(label).toBe(wanted.label);
      expect(Object.keys(scores)).toEqual(LABELS);
      for (const [index, name] of LABELS.entries()) expect(scores[name]).toBeCloseTo(wanted.shares[index], 5);
      expect(score).toBe(scores[label]);
      expect(Object.values(scores).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    });
    expect(call.stats).toMatchObject({ rows: 6, nulls: 1, duplicates: 1, failed: 0, truncated: 0, precision: 'fp32' });
  });

  it('labels that are equally likely: the first of them', async () => {
    // Two labels of the same tokens: white space at the end is none.
    for (const labels of [
      ['news', 'news '],
      ['news ', 'news'],
    ]) {
      const call = await open('classify', { labels });
      const [value] = (await valuesOf(call('text'), textBatches(['apples']))) as { label: string; score: number }[];
      expect(value).toMatchObject({ label: labels[0], score: 0.5 });
    }
  });

  it('extract asks for each field', async () => {
    const price = 'price in $$';
    const call = await open('extract', { fields: ['place', price], ...SHORT });
    const values = await valuesOf(call('text'), textBatches(TEXTS));
    const texts = TEXTS.filter(isText);
    const asked = async (field: string) => {
      const { results } = await model.generateTexts(texts, SHORT, { prefix: `extract: ${field} text: ` });
      return results.map(({ text }) => text);
    };
    const [places, prices] = [await asked('place'), await asked(price)];
    expect(places).not.toEqual(prices);
    expect(prices).not.toEqual(await asked('price in $'));
    expect(values).toEqual(spread(places.map((place, row) => ({ place, [price]: prices[row] }))));
    expect(call.stats.inputTokens).toBeGreaterThan(50);
  });

  it('embed gives the mean of the states', async () => {
    const call = await open('embed', {});
    const values = await valuesOf(call('text'), textBatches(TEXTS));
    const expected = await model.embed(TEXTS.filter(isText));
    expect(values).toEqual(spread(expected.map((embedding) => [...embedding])));
    const prefixed = await open('embed', { prefix: 'query: ', maxInputTokens: 4, warn: false });
    const [cut] = await valuesOf(prefixed('text'), textBatches(['the council met again and again']));
    const [same] = await model.embed(['the council met again and again'], { prefix: 'query: ', maxInputTokens: 4 });
    expect(cut).toEqual([...same]);
    expect(prefixed.stats).toMatchObject({ truncated: 1, inputTokens: 4 });
  });

  it('summarize is the model as a function', async () => {
    const call = await open('summarize', { ...SHORT });
    const { results } = await model.generateTexts(TEXTS.filter(isText), SHORT);
    expect(await valuesOf(call('text'), textBatches(TEXTS))).toEqual(spread(results.map(({ text }) => text)));
  });

  it.each([
    ['Please summarize this text.', 'summarize: ', {}, 8],
    ['title', 'title: ', {}, 5],
    ['Title of this text', 'title: ', {}, 5],
    ['translate_en_to_de', null, {}, 0],
    ['translation_en_to_de', 'translate English to German: ', {}, 6],
    ['Translate this English sentence to German', 'translate English to German: ', {}, 6],
    ['Name the place', 'Name the place: ', SHORT, 6],
    ['Which place is it?', 'Which place is it? ', SHORT, 6],
  ] as const)('query %j', async (instruction, prefix, options, tokens) => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    try {
      const call = await open('query', { instruction, ...options, numBeams: 1 });
      const isTask = Object.values(TASKS).some((task) => task.prefix === prefix);
      expect(warn).toHaveBeenCalledTimes(isTask ? 0 : 1);
      if (!isTask) {
        expect(warn.mock.calls[0]).toEqual([
          expect.stringContaining(`${JSON.stringify(instruction)} is none of the model's tasks`),
          expect.objectContaining({ detail: expect.stringContaining('summarization, title, translation_en_to_de') }),
        ]);
      }
      if (prefix === null) return;
      const [value] = await valuesOf(call('text'), textBatches(['the council met']));
      // The task's own length holds: its max_length counts the start token.
      const how = { numBeams: 1, maxNewTokens: tokens };
      const { results } = await model.generateTexts(['the council met'], how, { prefix });
      expect(value).toBe(results[0].text);
    } finally {
      warn.mockRestore();
    }
  });
});

describe('rows that fail', () => {
  it('become null with their reason kept, and fail the call by default', async () => {
    // One row is not UTF-8.
    const [batch] = textBatches(['the council met', 'apples', null]);
    const bytes = batch.getChild('text')!.data[0].values as Uint8Array;
    bytes[16] = 0xff;
    const kept = await open('embed', { onError: 'null' });
    const [first, broken, none] = await valuesOf(kept('text'), [batch]);
    expect([first === null, broken, none]).toEqual([false, null, null]);
    expect(kept.stats).toMatchObject({ failed: 1, nulls: 1 });
    expect(kept.stats.failures).toEqual([{ row: 2, reason: expect.stringContaining('not valid UTF-8') }]);
    const failing = await open('classify', { labels: LABELS });
    await expect(valuesOf(failing('text'), [batch])).rejects.toThrow('[input] row 2: the text is not valid UTF-8');
  });
});

describe('what is refused by name', () => {
  it.each<[AiName, object, string]>([
    ['classify', {}, '[usage] classify without labels, expected a list of at least two texts'],
    ['classify', { labels: ['one'] }, 'option labels is ["one"], expected a list of at least two texts, all different'],
    ['classify', { labels: ['one', 'one'] }, 'all different'],
    ['classify', { labels: ['one', ''] }, 'option labels'],
    ['classify', { labels: LABELS, normalize: 'yes' }, 'option normalize is "yes", expected none or tokens'],
    ['classify', { labels: LABELS, numBeams: 4 }, 'unknown option numBeams'],
    ['classify', { labels: LABELS, onError: 'struct' }, 'option onError is "struct", expected fail or null'],
    ['extract', { fields: [] }, 'option fields is []'],
    ['extract', { fields: ['a'], prompt: 'find it: ' }, 'expected a text with {field} in it'],
    ['extract', { fields: ['a'], numReturnSequences: 2 }, 'unknown option numReturnSequences'],
    ['embed', { longDocuments: 'map-reduce' }, 'unknown option longDocuments'],
    ['query', {}, 'query without instruction'],
    ['query', { instruction: ' ' }, 'option instruction is " ", expected a text, not empty'],
    ['query', { instruction: 'x', prefix: 'y' }, 'unknown option prefix'],
    ['translate' as AiName, {}, 'no function "translate", expected one of summarize, classify, extract, embed, query'],
  ])('%s %j', async (name, options, message) => {
    await expect(aiFunction(name, folder, options as never)).rejects.toThrow(message);
  });

  it('models without weights where weights are needed', async () => {
    const builtin = (name: AiName, options: object) => aiFunction(name, 'builtin:lead-1', options as never);
    await expect(builtin('embed', {})).rejects.toThrow('embed with builtin:lead-1, a model without weights');
    await expect(builtin('classify', { labels: LABELS })).rejects.toThrow('classify with builtin:lead-1');
    const call = await open('query', { instruction: 'summarize', precision: undefined }, 'builtin:lead-1');
    expect(await valuesOf(call('text'), textBatches(['A b. C d.']))).toEqual(['A b.']);
  });
});

describe('instructions', () => {
  const tasks = {
    summarization: { prefix: 'summarize: ' },
    title: { prefix: 'title: ' },
    translation_en_to_fr: { prefix: 'translate English to French: ' },
    translation_en_to_de: { prefix: 'translate English to German: ' },
    noted: { max_length: 5 },
  };
  it.each([
    ['summarize', 'summarization'],
    ['Summarize: ', 'summarization'],
    ['please SUMMARIZE the following', 'summarization'],
    ['summarization', 'summarization'],
    ['title', 'title'],
    ['Title, please', 'title'],
    ['subtitle', null],
    ['Summarize under this title:', 'summarization'],
    ['translate English to German', 'translation_en_to_de'],
    ['Translate the English text to good French.', 'translation_en_to_fr'],
    ['noted', 'noted'],
    ['translate to German', null],
    ['do not summarize', null],
    ['what is it', null],
    ['', null],
  ])('%j is the task %j', (instruction, task) => {
    expect(matchInstruction(tasks, instruction)).toBe(task);
  });
});
