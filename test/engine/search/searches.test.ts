import { describe, expect, it } from 'vitest';
import { createSearch } from '../../../src/engine/search/createSearch.js';
import { resolveOptions } from '../../../src/engine/search/options.js';
import type { Candidates, Need } from '../../../src/engine/search/search.js';
import type { GenerationOptions } from '../../../src/engine/types.js';
import { HASH_CONFIG, readSearchFixture } from './fixture.js';
import { candidatesOf, drive, VOCAB_SIZE } from './hashModel.js';

const DOCUMENT = [5, 6, 7, 1];
const DECODE = (ids: Int32Array) => Array.from(ids, (id) => String.fromCharCode(96 + id)).join('');

function make(options: GenerationOptions, config = HASH_CONFIG) {
  const resolved = resolveOptions(options, { generationConfig: {}, taskSpecificParams: {} }, config);
  return createSearch(resolved, config, { ids: Int32Array.from(DOCUMENT) }, DECODE);
}

/** Logits with these ids on top, best first, and a long flat rest. */
function logits(...best: number[]): Float32Array {
  const values = new Float32Array(VOCAB_SIZE).fill(-10);
  for (const [place, id] of best.entries()) values[id] = 5 - place;
  return values;
}

describe('what a search asks for', () => {
  it.each<[string, GenerationOptions, Need]>([
    ['greedy', { numBeams: 1 }, { kind: 'argmax' }],
    ['greedy with scores', { numBeams: 1, returnScores: true }, { kind: 'best', count: 1 }],
    ['greedy, the end token banned', { numBeams: 1, minNewTokens: 3 }, { kind: 'ranked', count: 2 }],
    ['the same with scores', { numBeams: 1, minNewTokens: 3, returnScores: true }, { kind: 'all' }],
    [
      'greedy with a penalty: the start token was seen',
      { numBeams: 1, repetitionPenalty: 2 },
      { kind: 'best', count: 2 },
    ],
    ['a penalty that raises', { numBeams: 1, repetitionPenalty: 0.5 }, { kind: 'all' }],
    ['beams', { numBeams: 4 }, { kind: 'best', count: 8 }],
    ['beams with bans', { numBeams: 4, suppressTokens: [5, 6, 7] }, { kind: 'best', count: 11 }],
    ['more than an eighth of the vocabulary', { numBeams: 13 }, { kind: 'all' }],
    ['a forced token, unseen', { numBeams: 4, forcedBosTokenId: 9, returnScores: true }, { kind: 'best', count: 1 }],
    ['a prefix, unseen', { numBeams: 4, decoderPrefixIds: [9] }, { kind: 'best', count: 1 }],
    ['a prefix of greedy', { numBeams: 1, decoderPrefixIds: [9] }, { kind: 'argmax' }],
  ])('%s', (_, options, need) => {
    expect(make(options).need()).toEqual(need);
  });

  it('asks for more only while it must', () => {
    const needs = drive(make({ numBeams: 1, minNewTokens: 3, maxNewTokens: 10 }), DOCUMENT, 0, 'as needed');
    expect(needs.map((need) => need.kind)).toEqual(['ranked', 'ranked', 'ranked', ...new Array(7).fill('argmax')]);
  });
});

describe('rows and parents', () => {
  it('starts all beams from the first row and then lets them follow their parents', () => {
    const search = make({ numBeams: 2 });
    expect([search.rows, ...search.tokens]).toEqual([2, 0, 0]);
    expect(search.parents).toBeNull();

    search.advance(candidatesOf([logits(11, 12), logits(11, 12)], search.need()));
    expect([...search.tokens]).toEqual([11, 12]);
    expect([...search.parents!]).toEqual([0, 0]);

    search.advance(candidatesOf([logits(21), logits(22)], search.need()));
    expect([...search.tokens]).toEqual([21, 22]);
    expect(search.parents).toBeNull();

    // The second row's best beats everything: it becomes the first row of the next step.
    search.advance(candidatesOf([new Float32Array(VOCAB_SIZE), logits(31)], search.need()));
    expect(search.tokens[0]).toBe(31);
    expect(search.parents![0]).toBe(1);
  });

  it('feeds the prefix token by token to every row', () => {
    const search = make({ numBeams: 2, decoderPrefixIds: [7, 8], maxNewTokens: 2, returnScores: true });
    const fed = [[...search.tokens]];
    for (let step = 0; step < 2; step++) {
      search.advance(candidatesOf([logits(50), logits(50)], search.need()));
      expect(search.parents).toBeNull();
      fed.push([...search.tokens]);
    }
    expect(fed).toEqual([
      [0, 0],
      [7, 7],
      [8, 8],
    ]);
    search.advance(candidatesOf([logits(11, 12), logits(11, 12)], search.need()));
    search.advance(candidatesOf([logits(21, 22), logits(23, 24)], search.need()));
    expect(search.done).toBe(true);
    const [best] = search.results();
    expect([...best.tokenIds]).toEqual([7, 8, 11, 21]);
    expect(best.tokenScores!.length).toBe(2);
  });

  it('keeps finished samples apart from running ones', () => {
    const search = make({ doSample: true, numReturnSequences: 2, topK: 1, maxNewTokens: 3 });
    search.advance(candidatesOf([logits(1), logits(9)], search.need()));
    expect([...search.tokens]).toEqual([1, 9]);
    search.advance(candidatesOf([logits(50), logits(9)], search.need()));
    expect([...search.tokens]).toEqual([0, 9]);
    search.advance(candidatesOf([logits(50), logits(9)], search.need()));
    expect(search.results().map((s) => [[...s.tokenIds], s.finishReason])).toEqual([
      [[1], 'eos'],
      [[9, 9, 9], 'length'],
    ]);
  });

  it('outgrows its first buffers', () => {
    for (const numBeams of [1, 3]) {
      const search = make({ numBeams, maxNewTokens: 500, minNewTokens: 500, returnScores: true });
      drive(search, DOCUMENT, 40, 'as needed');
      const [best] = search.results();
      expect(best.tokenIds.length).toBe(500);
      expect(best.tokenScores!.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('columns that pad the vocabulary', () => {
  const PADDED = 256;

  /** What the head that tells every logit answers: the last columns are no tokens. */
  function whole(first: number): Candidates {
    const padded = new Float32Array(PADDED).fill(-1e30);
    padded.set(new Float32Array(VOCAB_SIZE).fill(-1));
    padded[VOCAB_SIZE - 1] = first;
    return { stride: PADDED, ids: null, logits: padded, logSumExp: Float32Array.of(Math.log(VOCAB_SIZE) - 1) };
  }

  it.each<GenerationOptions>([
    { numBeams: 1 },
    { numBeams: 1, returnScores: true },
    { numBeams: 2 },
    { doSample: true, topK: 0 },
  ])('are never chosen: %j', (options) => {
    const search = make({ ...options, suppressTokens: Array.from({ length: VOCAB_SIZE }, (_, i) => i) });
    expect(() => search.advance(whole(-1))).toThrow('no token can follow after 1 tokens');
  });

  it('do not take part in a draw, nor in its scores', () => {
    // A row of infinities has no weights to draw by: the walk ends on its last candidate.
    const drawn = make({ doSample: true, topK: 0, maxNewTokens: 1 });
    drawn.advance(whole(Number.POSITIVE_INFINITY));
    expect(drawn.results()[0].tokenIds[0]).toBe(VOCAB_SIZE - 1);
    const greedy = make({ numBeams: 1, minNewTokens: 1, maxNewTokens: 1, returnScores: true });
    greedy.advance(whole(-1));
    expect(greedy.results()[0].score).toBeCloseTo(-Math.log(VOCAB_SIZE - 1), 5);
  });
});

describe('edges', () => {
  it('prefers the lower id, then the lower row, among equals', () => {
    const flat = new Float32Array(VOCAB_SIZE);
    const beams = make({ numBeams: 3 });
    beams.advance(candidatesOf([flat, flat, flat], { kind: 'all' }));
    expect([...beams.tokens]).toEqual([0, 2, 3]);
    const greedy = make({ numBeams: 1, suppressTokens: [0] });
    greedy.advance(candidatesOf([flat], { kind: 'all' }));
    expect([...greedy.tokens]).toEqual([1]);
  });

  it('fills up results when fewer tokens are allowed than beams are asked for', () => {
    const suppressTokens = Array.from({ length: VOCAB_SIZE - 1 }, (_, i) => (i < 5 ? i : i + 1));
    const search = make({ numBeams: 4, numReturnSequences: 4, suppressTokens, maxNewTokens: 3 });
    drive(search, DOCUMENT, 40, 'as needed');
    const found = search.results();
    expect(found.length).toBe(4);
    expect([...found[0].tokenIds]).toEqual([5, 5, 5]);
  });

  it.each<GenerationOptions>([{ numBeams: 1 }, { numBeams: 2 }, { doSample: true }])(
    'says so when nothing is left: %j',
    (options) => {
      const search = make({ ...options, suppressTokens: Array.from({ length: VOCAB_SIZE }, (_, i) => i) });
      expect(() => drive(search, DOCUMENT, 40, 'as needed')).toThrow('no token can follow after 1 tokens');
      const broken: Candidates = {
        stride: VOCAB_SIZE,
        ids: null,
        logits: new Float32Array(VOCAB_SIZE * 2).fill(Number.NaN),
        logSumExp: new Float32Array(2).fill(Number.NaN),
      };
      expect(() => make({ ...options, minNewTokens: 1 }).advance(broken)).toThrow('its logit is not a number');
    },
  );

  it.each([1, 2])('says so when the forced token may not begin: %i beams', (numBeams) => {
    const search = make({ numBeams, forcedEosTokenId: 1, beginSuppressTokens: [1], maxNewTokens: 1 });
    expect(() => drive(search, DOCUMENT, 40, 'as needed')).toThrow('no token can follow');
  });

  it('needs a tokenizer for stop strings', () => {
    const options = resolveOptions(
      { stopStrings: ['a'] },
      { generationConfig: {}, taskSpecificParams: {} },
      HASH_CONFIG,
    );
    expect(() => createSearch(options, HASH_CONFIG, { ids: new Int32Array() })).toThrow(
      'stopStrings without a tokenizer',
    );
  });

  it('finds a stop string behind half a character, and not again one that the prefix brought', () => {
    const text = (ids: Int32Array) => Buffer.from(ids).toString();
    const options = { numBeams: 1, stopStrings: ['é'], decoderPrefixIds: [0xc3, 0xa9], maxNewTokens: 4 };
    const config = { ...HASH_CONFIG, vocabSize: 256 };
    const resolved = resolveOptions(options, { generationConfig: {}, taskSpecificParams: {} }, config);
    const search = createSearch(resolved, config, { ids: new Int32Array() }, text);
    for (const id of [0, 0, 0x61, 0xc3, 0xa9]) {
      expect(search.done).toBe(false);
      search.advance({ stride: 1, ids: Int32Array.of(id), logits: null, logSumExp: null });
    }
    expect(search.results()[0]).toMatchObject({ finishReason: 'stop' });
  });
});

describe('speed', () => {
  it('takes well below a millisecond for 16 documents of 4 beams', () => {
    const config = { ...HASH_CONFIG, vocabSize: 32128 };
    const [document] = readSearchFixture().documents;
    const options = resolveOptions(
      { numBeams: 4, noRepeatNgramSize: 3, minNewTokens: 100, maxNewTokens: 100 },
      { generationConfig: {}, taskSpecificParams: {} },
      config,
    );
    const stride = 16;
    const ids = new Int32Array(4 * stride);
    const values = Float32Array.from({ length: 4 * stride }, (_, i) => -(i % stride) / 3);
    const step = { stride, ids, logits: values, logSumExp: new Float32Array(4).fill(3) };
    let best = Number.POSITIVE_INFINITY;
    for (let repetition = 0; repetition < 8; repetition++) {
      const searches = Array.from({ length: 16 }, () =>
        createSearch(options, config, { ids: Int32Array.from(document) }),
      );
      let spent = 0;
      for (let position = 0; position < 100; position++) {
        for (let i = 0; i < ids.length; i++) ids[i] = 2 + ((((i + position) * 2654435761) >>> 8) % 32000);
        const start = performance.now();
        for (const search of searches) {
          search.need();
          search.advance(step);
        }
        spent += performance.now() - start;
      }
      best = Math.min(best, spent / 100);
    }
    console.info(`16 documents x 4 beams: ${best.toFixed(3)} ms a step`);
    expect(best).toBeLessThan(1);
  });
});
