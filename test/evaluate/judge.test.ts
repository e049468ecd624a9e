import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { PrecisError } from '../../src/errors.js';
import { type JudgeOptions, openJudge } from '../../src/evaluate/judge.js';
import { DEFAULT_RUBRIC, type Rubric, readRubric } from '../../src/evaluate/rubric.js';

interface Fixture {
  readonly weightsSha256: string;
  readonly rubric: Rubric;
  /** The expected value by sums and by means of the labels' tokens. */
  readonly rows: readonly { source: string; summary: string; none: number | null; tokens: number | null }[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL('fixtures/judge.json', import.meta.url), 'utf8'));
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-judge-'));
process.env.PRECIS_HOME = path.join(scratch, 'home');
const folder = path.join(scratch, 'model');
const FP32 = { precision: 'fp32' } as const;

beforeAll(() =>
  writeSeededCheckpoint({ out: folder, seed: 3, taskSpecificParams: { summarization: { prefix: 'no ' } } }),
);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a judge', () => {
  it('speaks of the weights that the fixture was made with', () => {
    const weights = readFileSync(path.join(folder, 'model.safetensors'));
    expect(createHash('sha256').update(weights).digest('hex')).toBe(fixture.weightsSha256);
  });

  it.each(['none', 'tokens'] as const)(
    "expects what Hugging Face's likelihoods say, normalize %s",
    async (normalize) => {
      const judge = await openJudge(folder, { ...FP32, rubric: { ...fixture.rubric, normalize } });
      try {
        const done: number[] = [];
        const values = await judge.score(fixture.rows, { onRow: (count) => done.push(count) });
        expect(done).toEqual(fixture.rows.map((_, row) => row + 1));
        for (const [row, value] of values.entries()) {
          const expected = fixture.rows[row][normalize];
          if (expected === null) expect(value).toBeNull();
          else expect(value).toBeCloseTo(expected, 4);
        }
        // One at a time, and more than are asked together: the same values.
        const many = await judge.score([...fixture.rows, ...fixture.rows]);
        expect(many).toEqual([...values, ...values]);
      } finally {
        await judge.close();
      }
    },
  );

  it('has a rubric and a precision of its own accord', async () => {
    const judge = await openJudge(folder);
    try {
      expect(judge.rubric).toMatchObject(DEFAULT_RUBRIC);
      expect(['fp32', 'int8']).toContain(judge.precision);
      const [value] = await judge.score([{ source: 'the council met', summary: 'they met' }]);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
      expect(await judge.score([])).toEqual([]);
    } finally {
      await judge.close();
    }
  });

  it('stops when it is told to', async () => {
    const judge = await openJudge(folder, FP32);
    try {
      const stop = new AbortController();
      const rows = Array.from({ length: 40 }, () => ({ source: 'the council met', summary: 'they met' }));
      let judged = 0;
      const onRow = (done: number) => {
        judged = done;
        stop.abort();
      };
      await expect(judge.score(rows, { signal: stop.signal, onRow })).rejects.toThrow(/abort/i);
      expect(judged).toBeLessThan(40);
    } finally {
      await judge.close();
    }
  });

  it.each<[string, JudgeOptions, string]>([
    ['builtin:lead-3', {}, '[model] the judge builtin:lead-3 has no weights'],
    ['no-such-folder', {}, 'no-such-folder is no folder'],
    ['', { precison: 'fp32' } as JudgeOptions, 'did you mean precision?'],
    [
      '',
      { rubric: { prompt: 'good?', labels: { bad: 0, good: 1 } } },
      'the rubric of the judge: prompt has no {summary}',
    ],
  ])('%s %j is refused', async (uri, options, message) => {
    const error = await openJudge(uri || folder, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PrecisError);
    expect((error as Error).message).toContain(message);
  });
});

describe('a rubric in a file', () => {
  const file = path.join(scratch, 'rubric.json');
  const good = { prompt: 'Good? {summary} {source}', labels: { no: 0, yes: 1 } };

  it('is read, a byte order mark before it or not', () => {
    for (const text of [JSON.stringify(good), `\uFEFF${JSON.stringify(good)}\r\n`]) {
      writeFileSync(file, text);
      expect(readRubric(file)).toEqual(good);
    }
    writeFileSync(file, JSON.stringify({ ...good, normalize: 'tokens' }));
    expect(readRubric(file).normalize).toBe('tokens');
  });

  it.each([
    ['{', 'is no JSON'],
    ['[]', 'the rubric is [], expected an object with prompt and labels'],
    [{ ...good, lables: {} }, 'unknown "lables", expected only prompt, labels, normalize; did you mean labels?'],
    [{ labels: good.labels }, 'prompt is missing, expected a text'],
    [{ ...good, prompt: '{summary} {text}' }, 'prompt has {text}, expected only {summary}, {source}, {labels}'],
    [{ ...good, prompt: '{source}' }, 'prompt has no {summary}'],
    [{ ...good, normalize: 'mean' }, 'normalize is "mean", expected "none" or "tokens"'],
    [{ ...good, labels: ['no', 'yes'] }, 'labels are ["no","yes"], expected an object'],
    [{ ...good, labels: {} }, 'no label, expected at least two'],
    [{ ...good, labels: { no: 0 } }, 'one label, expected at least two'],
    [{ ...good, labels: { no: 0, 'yes ': 1 } }, 'label "yes ", expected a word or more, without white space around'],
    [{ ...good, labels: { no: 0, '': 1 } }, 'label "", expected a word or more'],
    [{ ...good, labels: { no: 0, yes: 5 } }, 'label "yes" is worth 5, expected a number from 0 to 1'],
    [{ ...good, labels: { no: 0, yes: '1' } }, 'label "yes" is worth "1", expected a number from 0 to 1'],
    [{ ...good, labels: { no: 1, yes: 1 } }, 'all labels are worth the same'],
  ])('is refused by name: %j', (content, message) => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    const read = () => readRubric(file);
    expect(read).toThrow(PrecisError);
    expect(read).toThrow(message);
    expect(read).toThrow(file);
  });

  it('must be there, and be a file', () => {
    expect(() => readRubric(path.join(scratch, 'none.json'))).toThrow('[input] there is no file');
    expect(() => readRubric(scratch)).toThrow('it is a folder');
  });
});
