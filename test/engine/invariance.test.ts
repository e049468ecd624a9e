import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mixedDocuments } from '../../scripts/parity/documents.js';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { type Engine, type GenerationOptions, NativeEngine, openEngine } from '../../src/engine/index.js';
import { createRandom } from '../../src/engine/search/random.js';
import { convertCheckpoint } from '../../src/graph/convert.js';

/** The token ids of each document's sequences. */
type Outputs = number[][][];

const home = mkdtempSync(join(tmpdir(), 'precis-invariance-'));
process.env.PRECIS_HOME = join(home, 'home');
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Ids that every tiny checkpoint knows. */
const VOCABULARY = 384;
const DOCUMENTS = mixedDocuments({ count: 200, shortest: 1, longest: 200, vocabSize: VOCABULARY });
const IN_ORDER = DOCUMENTS.map((_, index) => index);
const ORDERS: Readonly<Record<string, readonly number[]>> = {
  reversed: IN_ORDER.toReversed(),
  shuffled: shuffled(IN_ORDER),
};
const SEARCHES: readonly [string, GenerationOptions][] = [
  ['greedy', { numBeams: 1, maxNewTokens: 24 }],
  ['beams 4', { numBeams: 4, maxNewTokens: 20, noRepeatNgramSize: 3 }],
  [
    'sampling',
    { doSample: true, numBeams: 1, temperature: 1, topK: 0, seed: 5, numReturnSequences: 2, maxNewTokens: 24 },
  ],
];

describe.each([
  ['fp32', 't5'],
  ['int8', 't5'],
  ['int8', 't5-v1.1'],
] as const)('%s outputs of %s', (precision, family) => {
  const checkpoint = join(home, family);
  beforeAll(() => writeSeededCheckpoint({ out: checkpoint, family, size: 'tiny', seed: 11 }));

  async function generate(
    options: GenerationOptions,
    batchRows: number,
    order: readonly number[] = IN_ORDER,
  ): Promise<Outputs> {
    return generateIn(await openEngine(checkpoint, { precision, batchRows }), options, order);
  }

  /** The same by processes side by side, each with every `workers`-th document. */
  async function generateApart(options: GenerationOptions, workers: number): Promise<Outputs> {
    const outputs: Outputs = [];
    const shares = Array.from({ length: workers }, (_, w) => IN_ORDER.filter((index) => index % workers === w));
    await Promise.all(
      shares.map(async (share) => {
        const documents = share.map((index) => [...DOCUMENTS[index]]);
        const found = await runShare({ checkpoint, precision, batchRows: 16, options, documents });
        share.forEach((index, place) => {
          outputs[index] = found[place];
        });
      }),
    );
    return outputs;
  }

  describe.each(SEARCHES)('%s', (_name, options) => {
    let expected: Outputs;

    beforeAll(async () => {
      expected = await generate(options, 32);
    });

    it('vary, so that a mix-up would show', () => {
      const distinct = new Set(expected.map((sequences) => JSON.stringify(sequences)));
      expect(distinct.size).toBeGreaterThan(DOCUMENTS.length * 0.9);
    });

    it.each([1, 7])('are the same in batches of %i rows', async (batchRows) => {
      expect(differing(await generate(options, batchRows), expected)).toEqual([]);
    });

    it.each(Object.entries(ORDERS))('are the same when the documents come %s', async (_order, order) => {
      expect(differing(await generate(options, 7, order), expected)).toEqual([]);
    });

    it.each([1, 2, 4])('are the same from %i worker processes', async (workers) => {
      expect(differing(await generateApart(options, workers), expected)).toEqual([]);
    });
  });
});

/** The form for processors with VNNI and without AMX, wherever this runs: the cases above run the one that this processor gets. */
describe('int8 outputs of the row kernel', () => {
  const checkpoint = join(home, 'row');
  beforeAll(() => writeSeededCheckpoint({ out: checkpoint, family: 't5', size: 'tiny', seed: 11 }));

  async function generate(
    options: GenerationOptions,
    batchRows: number,
    order: readonly number[] = IN_ORDER,
  ): Promise<Outputs> {
    const kernels = { crossKernel: 'row', weightLimit: 127 } as const;
    const { dir } = await convertCheckpoint(checkpoint, { precision: 'int8', kernels });
    const { defaults } = openCheckpoint(checkpoint);
    return generateIn(await NativeEngine.open(dir, { defaults, batchRows }), options, order);
  }

  it.each(SEARCHES.slice(0, 2))('%s: are the same in any batch and order', async (_name, options) => {
    const expected = await generate(options, 32);
    expect(new Set(expected.map((sequences) => JSON.stringify(sequences))).size).toBeGreaterThan(
      DOCUMENTS.length * 0.9,
    );
    expect(differing(await generate(options, 1), expected)).toEqual([]);
    expect(differing(await generate(options, 7, ORDERS.shuffled), expected)).toEqual([]);
  });
});

/** What the documents become in that order, put back into the order of DOCUMENTS; closes the engine. */
async function generateIn(engine: Engine, options: GenerationOptions, order: readonly number[]): Promise<Outputs> {
  try {
    const inputs = order.map((index) => ({ ids: DOCUMENTS[index], truncated: false }));
    const results = await engine.generate(inputs, options);
    const outputs: Outputs = [];
    results.forEach(({ sequences }, place) => {
      outputs[order[place]] = sequences.map(({ tokenIds }) => [...tokenIds]);
    });
    return outputs;
  } finally {
    await engine.close();
  }
}

function differing(ours: Outputs, expected: Outputs) {
  return expected.flatMap((theirs, document) =>
    JSON.stringify(ours[document]) === JSON.stringify(theirs)
      ? []
      : [{ document, tokens: DOCUMENTS[document].length, ours: ours[document], expected: theirs }],
  );
}

async function runShare(job: unknown): Promise<Outputs> {
  const script = fileURLToPath(new URL('generateShare.mjs', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(job));
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const output = await text(child.stdout);
  expect(await exited).toBe(0);
  return JSON.parse(output);
}

function shuffled(indices: readonly number[]): number[] {
  const random = createRandom(3, Int32Array.of(), 0);
  return indices
    .map((index) => ({ index, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ index }) => index);
}
