import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { generateLong, type LongOutcome, type LongResult } from '../../src/predict/longDocuments.js';
import { openModel } from '../../src/predict/openModel.js';
import { TextFunction } from '../../src/predict/texts/textFunction.js';
import type { LoadedModel } from '../../src/predict/types.js';
import { splitDocument } from '../../src/text/splitDocument.js';
import { openTokenizer } from '../../src/text/tokenizer.js';
import { textBatch } from '../pool/functions/batches.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-long-'));
process.env.PRECIS_HOME = path.join(scratch, 'home');
const folder = path.join(scratch, 'model');
let tiny: LoadedModel;
beforeAll(async () => {
  const taskSpecificParams = { summarization: { prefix: 'summarize: ' } };
  writeSeededCheckpoint({ out: folder, family: 't5', size: 'tiny', eos: 'never', taskSpecificParams });
  tiny = await openModel(folder, { precision: 'fp32' });
});
afterAll(async () => {
  await tiny.close();
  rmSync(scratch, { recursive: true, force: true });
});

const SHORT = 'The council met. It voted.';
const LONG = Array.from({ length: 40 }, (_, i) => `Part ${i} tells of the old town and its ${i} gates.`).join(' ');
const OPTIONS = { numBeams: 1, maxNewTokens: 8 };

function results(outcome: LongOutcome): readonly LongResult[] {
  if ('error' in outcome) throw new Error(outcome.error);
  return outcome;
}

describe('long documents', () => {
  it('are cut and reported by default', async () => {
    const outcomes = await generateLong(tiny, [SHORT, LONG], OPTIONS, { maxInputTokens: 64 });
    const { results: plain } = await tiny.generateTexts([SHORT, LONG], OPTIONS, { maxInputTokens: 64 });
    expect(outcomes).toEqual(plain.map((result) => [{ ...result, chunks: 1 }]));
    expect(outcomes.map((outcome) => results(outcome)[0].truncated)).toEqual([false, true]);
  });

  it('are errors of their own rows', async () => {
    const how = { longDocuments: 'error', maxInputTokens: 64 } as const;
    const [first, long, last] = await generateLong(tiny, [SHORT, LONG, SHORT], OPTIONS, how);
    const tokens = tiny.inputTokens(LONG);
    expect(long).toEqual({
      error: expect.stringContaining(`[input] the text has ${tokens} tokens, expected at most 64;`),
    });
    expect(results(first)[0].text).not.toBe('');
    expect(last).toEqual(first);
  });

  it('are summarized in parts, and then the joined summaries, until they fit', async () => {
    const how = { maxInputTokens: 48 };
    const count = (text: string) => tiny.inputTokens(text);
    const [short, long] = await generateLong(tiny, [SHORT, LONG], OPTIONS, { ...how, longDocuments: 'map-reduce' });
    const [once] = await generateLong(tiny, [SHORT], OPTIONS, how);
    expect(short).toEqual(once);

    // The same by hand, one call a part.
    let text = LONG;
    let read = 0;
    let chunks = 0;
    let rounds = 0;
    for (; count(text) > 48; rounds++) {
      const parts = splitDocument(text, { limit: 48, count, overlap: 2 });
      chunks ||= parts.length;
      const summaries: string[] = [];
      for (const { start, end } of parts) {
        const part = text.slice(start, end);
        const [result] = (await tiny.generateTexts([part], OPTIONS, how)).results;
        read += result.inputTokens;
        summaries.push(result.text);
      }
      text = summaries.join('\n\n');
    }
    const [last] = (await tiny.generateTexts([text], OPTIONS, how)).results;
    expect(rounds).toBeGreaterThan(1);
    expect(chunks).toBeGreaterThan(9);
    expect(long).toEqual([{ ...last, inputTokens: read + last.inputTokens, truncated: false, chunks }]);
  });

  it('end also when summaries do not get shorter, and say that something was cut', async () => {
    const echo = await openModel('builtin:echo');
    const how = { maxInputTokens: 10, longDocuments: 'map-reduce' } as const;
    const [outcome] = await generateLong(echo, [LONG], {}, how);
    expect(results(outcome)[0]).toMatchObject({ truncated: true, text: 'Part 0 tells of the old town and its 0' });
    expect(results(outcome)[0].chunks).toBeGreaterThan(30);
    // A prefix that leaves no room: nothing can be split.
    const [cut] = await generateLong(tiny, [LONG], OPTIONS, { ...how, maxInputTokens: 2 });
    expect(results(cut)[0]).toMatchObject({ truncated: true, chunks: 1 });
  });

  it('of many words go through, and short ones beside them are as they were', async () => {
    const lead = await openModel('builtin:lead-1');
    const huge = Array.from({ length: 10_000 }, (_, i) => `Line ${i} is one of many lines in this text.`).join(' ');
    const how = { maxInputTokens: 512, longDocuments: 'map-reduce' } as const;
    const outcomes = await generateLong(lead, [huge, 'A b. C d.', '', huge], {}, how);
    expect(outcomes.map((outcome) => results(outcome)[0].text)).toEqual([
      'Line 0 is one of many lines in this text.',
      'A b.',
      '',
      'Line 0 is one of many lines in this text.',
    ]);
    const chunks = outcomes.map((outcome) => results(outcome)[0].chunks);
    expect(chunks).toEqual([chunks[0], 1, 1, chunks[0]]);
    expect(chunks[0]).toBeGreaterThan(190);
  });

  it('give as many results as are asked for', async () => {
    const how = { maxInputTokens: 48, longDocuments: 'map-reduce' } as const;
    const outcomes = await generateLong(
      tiny,
      [LONG, SHORT],
      { numBeams: 3, numReturnSequences: 3, maxNewTokens: 5 },
      how,
    );
    expect(outcomes.map((outcome) => results(outcome).length)).toEqual([3, 3]);
  });
});

describe('while a worker computes', () => {
  it.each(['truncate', 'map-reduce'] as const)(
    '%s: it gives signs, and counts texts, not parts',
    async (longDocuments) => {
      const text = { maxInputTokens: 48 };
      const worker = new TextFunction(tiny, { generation: OPTIONS, text, longDocuments, resultType: 'string' });
      const told: (number | undefined)[] = [];
      await worker.run(textBatch([LONG, SHORT]), { alive: (rows) => told.push(rows) });
      expect(told.filter((rows) => rows !== undefined)).toEqual([1, 2]);
      // Between two texts that are done there may be minutes.
      expect(told.indexOf(1)).toBeGreaterThanOrEqual(OPTIONS.maxNewTokens);
    },
  );
});

describe('a text that cannot be generated for', () => {
  it('fails alone', async () => {
    const tokenizer = openTokenizer(folder, { vocabSize: 100_000 });
    const allowed = tokenizer.encode('budget').ids;
    const { vocab_size: size } = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8'));
    const everything = Array.from({ length: size }, (_, id) => id);
    // Only the tokens of one word may be generated, and none that the document has: what has that word has nothing left.
    const suppressTokens = everything.filter((id) => id === 1 || !allowed.includes(id));
    const options = { ...OPTIONS, maxNewTokens: 3, encoderNoRepeatNgramSize: 1, suppressTokens };
    const texts = ['aa', 'budget', 'bb', 'cc', 'dd', 'budget, too', 'ee'];
    const outcomes = await generateLong(tiny, texts, options, { prefix: '' });
    const failed = outcomes.map((outcome) => 'error' in outcome);
    expect(failed).toEqual([false, true, false, false, false, true, false]);
    expect(outcomes[1]).toEqual({ error: expect.stringContaining('[generation] no token can follow') });
    const [alone] = await generateLong(tiny, ['cc'], options, { prefix: '' });
    expect(outcomes[3]).toEqual(alone);
    // Of a document in parts one is enough.
    const how = { prefix: '', maxInputTokens: 12, longDocuments: 'map-reduce' } as const;
    const long = await generateLong(tiny, ['aa. '.repeat(20), `${'bb. '.repeat(20)}budget.`], options, how);
    expect(long.map((outcome) => 'error' in outcome)).toEqual([false, true]);
  });

  it("options that are wrong are nobody's own", async () => {
    await expect(generateLong(tiny, ['x'], { numBeamz: 2 } as never)).rejects.toThrow('unknown option numBeamz');
    await expect(generateLong(tiny, [], { numBeams: 0 })).rejects.toThrow('numBeams is 0');
    await expect(generateLong(tiny, ['x'], {}, { maxInputTokens: 0 })).rejects.toThrow('maxInputTokens is 0');
  });

  it("stopping is no row's error", async () => {
    const echo = await openModel('builtin:echo?delayMs=5');
    const stop = new AbortController();
    const onRow = () => stop.abort();
    await expect(generateLong(echo, ['a', 'b', 'c'], {}, { signal: stop.signal, onRow })).rejects.toThrow('aborted');
  });
});
