/**
 * How far a trained model gives the token ids of Hugging Face transformers, in fp32:
 *   node dist/scripts/parity/trained.js MODEL THEIRS.json.gz
 */
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type GenerationOptions, loadModel } from '../../src/index.js';

/** How close two candidates may lie for a different choice to count as rounding; every such case is told. */
const NEAR_TIE = 1e-4;

/** What make_trained_fixture.py writes. */
export interface Theirs {
  readonly weightsSha256: string;
  readonly texts: readonly string[];
  readonly inputTokens: readonly number[];
  readonly cases: readonly TheirCase[];
}

interface TheirCase {
  readonly name: string;
  readonly options: GenerationOptions;
  readonly sequences: readonly (readonly number[])[];
  /** Of beams: the score of the sequence. */
  readonly scores?: readonly number[];
  /** Of greedy search: the least distance between the best two on the way. */
  readonly margins?: readonly number[];
}

export interface Mismatch {
  readonly row: number;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** How far apart the two choices were at least, as far as that can be told. */
  readonly distance: number;
}

export interface CaseParity {
  readonly name: string;
  readonly rows: number;
  readonly equal: number;
  readonly tokens: number;
  /** Rows that the end token ended. */
  readonly ended: number;
  readonly nearTies: readonly Mismatch[];
  readonly mismatches: readonly Mismatch[];
  /** Of beams: the largest difference between their scores of equal sequences. */
  readonly scoreDifference: number;
}

export function readTheirs(file: string | URL): Theirs {
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Theirs;
}

export function weightsSha256(folder: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, 'model.safetensors')))
    .digest('hex');
}

/** From the text to the ids: the tokenizer is held to theirs too. */
export async function compareTrained(folder: string, theirs: Theirs): Promise<CaseParity[]> {
  const model = await loadModel(folder, { precision: 'fp32' });
  try {
    const found: CaseParity[] = [];
    for (const one of theirs.cases) {
      const { results } = await model.generateTexts(theirs.texts, one.options, { prefix: '' });
      const wrong = results.findIndex(({ inputTokens }, row) => inputTokens !== theirs.inputTokens[row]);
      if (wrong >= 0) {
        const { inputTokens } = results[wrong];
        throw new Error(
          `text ${wrong} has ${inputTokens} tokens, expected ${theirs.inputTokens[wrong]} as transformers`,
        );
      }
      found.push(compareCase(one, results));
    }
    return found;
  } finally {
    await model.close();
  }
}

function compareCase(
  one: TheirCase,
  results: readonly { readonly tokenIds: readonly number[]; readonly score: number | null; finishReason: string }[],
): CaseParity {
  const unequal: Mismatch[] = [];
  let scoreDifference = 0;
  for (const [row, { tokenIds, score }] of results.entries()) {
    const [ours, theirs] = [[...tokenIds], one.sequences[row]];
    const apart = one.scores === undefined ? 0 : Math.abs((score ?? Number.NaN) - one.scores[row]);
    if (JSON.stringify(ours) === JSON.stringify(theirs)) scoreDifference = Math.max(scoreDifference, apart);
    else unequal.push({ row, ours, theirs, distance: one.margins?.[row] ?? apart });
  }
  return {
    name: one.name,
    rows: results.length,
    equal: results.length - unequal.length,
    tokens: one.sequences.reduce((sum, ids) => sum + ids.length, 0),
    ended: results.filter(({ finishReason }) => finishReason === 'eos').length,
    nearTies: unequal.filter(({ distance }) => distance < NEAR_TIE),
    mismatches: unequal.filter(({ distance }) => !(distance < NEAR_TIE)),
    scoreDifference,
  };
}

export function tell(parity: CaseParity): string {
  const { name, rows, equal, tokens, ended, nearTies, scoreDifference } = parity;
  const ties = nearTies.length === 0 ? '' : `, ${nearTies.length} others at a near tie`;
  const scores = scoreDifference === 0 ? '' : `, scores at most ${scoreDifference.toExponential(1)} apart`;
  return `${name}: ${equal} of ${rows} documents equal${ties}; ${tokens} tokens, ${ended} ended by the end token${scores}`;
}

async function main([folder, file]: readonly string[]): Promise<void> {
  if (file === undefined) throw new Error('usage: trained MODEL THEIRS.json.gz');
  const theirs = readTheirs(file);
  const sha256 = weightsSha256(folder);
  if (sha256 !== theirs.weightsSha256) {
    throw new Error(`${folder} has weights ${sha256}, expected ${theirs.weightsSha256} that ${file} was made with`);
  }
  for (const parity of await compareTrained(folder, theirs)) {
    console.log(tell(parity));
    for (const mismatch of parity.mismatches) console.log(JSON.stringify(mismatch));
    if (parity.mismatches.length > 0) process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  await main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
}
