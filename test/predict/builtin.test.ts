import { describe, expect, it } from 'vitest';
import type { GenerationOptions } from '../../src/engine/types.js';
import { openModel } from '../../src/predict/openModel.js';
import type { LoadOptions, TextOptions } from '../../src/predict/types.js';

async function generate(
  uri: string,
  texts: readonly string[],
  options: GenerationOptions = {},
  how: TextOptions = {},
): Promise<string[]> {
  const model = await openModel(uri);
  const { results } = await model.generateTexts(texts, options, how);
  return results.map(({ text }) => text);
}

const STORY = 'Dr. Lee went home at 5 p.m. on Monday. It rained!  Nobody saw her.\nThen she slept.';

describe('models without weights', () => {
  it.each<[string, string, string]>([
    ['builtin:echo', STORY, STORY],
    ['builtin:echo', '', ''],
    ['builtin:lead-1', STORY, 'Dr. Lee went home at 5 p.m. on Monday.'],
    ['builtin:lead-3', STORY, 'Dr. Lee went home at 5 p.m. on Monday. It rained!  Nobody saw her.'],
    ['builtin:lead-3', ' One. Two ', 'One. Two'],
    ['builtin:lead-3', '', ''],
    ['builtin:lead-3', '一。二！三？四。', '一。二！三？'],
    ['builtin:textrank', 'One. Two. Three.', 'One. Two. Three.'],
    ['builtin:textrank', '', ''],
  ])('%s of %j', async (uri, text, expected) => {
    expect(await generate(uri, [text])).toEqual([expected]);
  });

  it('textrank keeps the sentences that share most with the others, in their order', async () => {
    const text = [
      'The council approved the budget for the new library.',
      'Cats sleep.',
      'The library budget was approved after a long debate in the council.',
      'Weather was fine.',
      'Members of the council said the library needs the budget.',
      'Lunch followed.',
    ];
    expect(await generate('builtin:textrank', [text.join(' ')])).toEqual([[text[0], text[2], text[4]].join(' ')]);
    // Nothing is shared: all are equal, and the first ones win.
    expect(await generate('builtin:textrank', ['Aa. Bb. Cc. Dd. Ee.'])).toEqual(['Aa. Bb. Cc.']);
    // By characters where there are no spaces.
    const chinese = '图书馆预算通过了。猫睡觉。议会通过图书馆预算。下雨。图书馆需要预算。';
    expect(await generate('builtin:textrank', [chinese])).toEqual([
      '图书馆预算通过了。 议会通过图书馆预算。 图书馆需要预算。',
    ]);
  });

  it('says what became of a text, in words', async () => {
    const model = await openModel('builtin:lead-1');
    const { model: name, results } = await model.generateTexts(['one two three. four'], { maxNewTokens: 2 });
    expect(name).toBe('builtin:lead-1');
    expect(results).toEqual([
      {
        text: 'one two three. four'.slice(0, 7),
        tokenIds: [],
        inputTokens: 4,
        outputTokens: 2,
        truncated: false,
        finishReason: 'length',
        score: null,
        tokenScores: null,
      },
    ]);
    const cut = await model.generateTexts([' a\u00a0b. C\tD '], {}, { maxInputTokens: 3 });
    expect(cut.results[0]).toMatchObject({ text: 'a\u00a0b.', inputTokens: 3, truncated: true, finishReason: 'eos' });
    expect([
      model.inputTokens(' a\u00a0b. C\tD '),
      model.inputLimit(),
      model.inputLimit({ maxInputTokens: 3 }),
    ]).toEqual([4, Number.POSITIVE_INFINITY, 3]);
  });

  it('echo reads no more words than its maxTokens', async () => {
    const model = await openModel('builtin:echo?maxTokens=2&delayMs=0');
    const { results } = await model.generateTexts(['a b c', 'a b']);
    expect(results.map(({ text, truncated }) => [text, truncated])).toEqual([
      ['a b', true],
      ['a b', false],
    ]);
  });

  it('a slow echo waits without blocking, calls back as it goes, and can be stopped', async () => {
    const model = await openModel('builtin:echo?delayMs=5');
    const seen: string[] = [];
    const stop = new AbortController();
    let turns = 0;
    const count = setInterval(() => turns++, 1);
    const how = {
      onResult: ({ text }: { text: string }) => {
        seen.push(text);
        if (seen.length === 3) stop.abort();
      },
      signal: stop.signal,
    };
    const begin = performance.now();
    await expect(model.generateTexts(['a', 'b', 'c', 'd'], {}, how)).rejects.toThrow('aborted');
    clearInterval(count);
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(14);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('what they refuse by name', () => {
  it.each<[string, string]>([
    [
      'builtin:nonsense',
      'builtin:nonsense is no built-in model, expected one of builtin:precis-tiny, builtin:echo, builtin:lead-1, builtin:lead-3',
    ],
    ['builtin:', 'builtin: is no built-in model'],
    ['builtin:toString', 'builtin:toString is no built-in model'],
    ['builtin:lead-3?delayMs=5', 'has the unknown option delayMs, expected no options: builtin:lead-3 takes none'],
    ['builtin:echo?wait=5', 'has the unknown option wait, expected one of delayMs, maxTokens, faults'],
    ['builtin:echo?faults=2', 'sets faults to "2", expected a whole number from 0 to 1'],
    ['builtin:echo?delayMs=-1', 'sets delayMs to "-1", expected a whole number from 0 to 999999'],
    ['builtin:echo?delayMs', 'sets delayMs to ""'],
    ['builtin:echo?maxTokens=0', 'sets maxTokens to "0", expected a whole number from 1'],
  ])('%s', async (uri, message) => {
    await expect(openModel(uri)).rejects.toThrow(message);
  });

  it.each<[LoadOptions, string | null]>([
    [{ precision: 'int8' }, 'precision "int8" has no meaning for builtin:echo'],
    [{ batchRows: 8 }, 'batchRows 8 has no meaning'],
    [{ tokenizer: 'x' }, 'tokenizer "x" has no meaning'],
    [{ task: 'x' }, 'task "x" has no meaning'],
    [{ precision: 'auto', threads: 2, task: undefined }, null],
  ])('%j', async (options, message) => {
    const opened = openModel('builtin:echo', options);
    if (message) await expect(opened).rejects.toThrow(message);
    else expect((await opened).precision).toBe('none');
  });

  it.each<[GenerationOptions, string]>([
    [{ numBeams: 4 }, 'numBeams 4 has no meaning for builtin:echo, a model without weights'],
    [{ minLength: 3 }, 'minLength 3 has no meaning'],
    [{ maxNewTokens: 0 }, 'option maxNewTokens is 0, expected a whole number of at least 1'],
    [{ maxNewTokenz: 1 } as GenerationOptions, 'unknown option maxNewTokenz'],
  ])('%j', async (options, message) => {
    await expect(generate('builtin:echo', ['x'], options)).rejects.toThrow(message);
    // Also when there is nothing to do.
    await expect(generate('builtin:echo', [], options)).rejects.toThrow(message);
  });

  it('prefixes and scores', async () => {
    await expect(generate('builtin:echo', ['x'], {}, { prefix: 'do: ' })).rejects.toThrow(
      'prefix "do: " has no meaning',
    );
    expect(await generate('builtin:echo', ['x'], {}, { prefix: '' })).toEqual(['x']);
    const model = await openModel('builtin:echo');
    await expect(model.score(['x'], [['y']])).rejects.toThrow('builtin:echo scores no targets: it has no weights');
  });
});
