import { PrecisError } from '../errors.js';
import type { ConvertedModel } from './convertedModel.js';
import { CrossCache, paddedLength } from './crossCache.js';
import type { Encoder } from './encoder.js';
import { ForcedDecoder, type Piece } from './forcedDecoder.js';
import { refuseEmpty } from './generation.js';
import { refuseTooLong } from './relativeBias.js';
import type { EngineStats } from './stats.js';
import type { EncodedInput, TargetScore } from './types.js';

/** Rows of a run at most: each brings a whole vocabulary of logits with it (T5's: 128 KB). */
const MOST_ROWS = 128;

/**
 * The log-likelihood of given targets: no search, no steps. A document is encoded once, then all tokens of its targets run side by side,
 * each seeing only those before it in its own target.
 */
export class Scoring {
  private readonly cross: CrossCache;
  private readonly decoder: ForcedDecoder;

  constructor(
    model: ConvertedModel,
    private readonly encoder: Encoder,
    private readonly inputs: readonly EncodedInput[],
    private readonly targets: readonly (readonly Int32Array[])[],
    private readonly stats: EngineStats,
  ) {
    refuseBadTargets(inputs, targets, model.config.vocabSize);
    refuseTooLong(inputs, model.manifest.encoderBias);
    const longest = inputs.reduce((length, { ids }) => Math.max(length, ids.length), 1);
    this.cross = new CrossCache(model, 1, paddedLength(longest));
    this.decoder = new ForcedDecoder(model, this.cross, stats);
  }

  async document(index: number): Promise<TargetScore[]> {
    const { ids } = this.inputs[index];
    const targets = this.targets[index];
    const begin = performance.now();
    this.cross.reset(paddedLength(ids.length));
    await this.encoder.encode(ids, this.cross, 0);
    this.stats.encodeMs += performance.now() - begin;
    const tokenScores = targets.map((target) => new Float32Array(target.length));
    for (const pieces of planRuns(targets, MOST_ROWS)) {
      const { logits, stride, logSumExp } = await this.decoder.run(pieces, targets);
      let row = 0;
      for (const { target, from, to } of pieces) {
        for (let place = from; place < to; place++, row++)
          tokenScores[target][place] = logits[row * stride + targets[target][place]] - logSumExp[row];
      }
    }
    this.stats.documents += 1;
    this.stats.inputTokens += ids.length;
    return tokenScores.map((scores) => ({ tokenScores: scores, score: scores.reduce((sum, value) => sum + value, 0) }));
  }
}

/** Short targets share runs; one that is longer than a run has several to itself, one after the other. */
export function planRuns(targets: readonly Int32Array[], mostRows: number): Piece[][] {
  const runs: Piece[][] = [];
  let shared: Piece[] = [];
  let rows = 0;
  targets.forEach(({ length }, target) => {
    if (length > mostRows) {
      for (let from = 0; from < length; from += mostRows)
        runs.push([{ target, from, to: Math.min(length, from + mostRows) }]);
      return;
    }
    if (rows + length > mostRows) {
      runs.push(shared);
      shared = [];
      rows = 0;
    }
    shared.push({ target, from: 0, to: length });
    rows += length;
  });
  if (shared.length > 0) runs.push(shared);
  return runs;
}

function refuseBadTargets(
  inputs: readonly EncodedInput[],
  targets: readonly (readonly Int32Array[])[],
  vocabSize: number,
): void {
  refuseEmpty(inputs);
  if (inputs.length !== targets.length) {
    throw new PrecisError('input', {
      found: `${inputs.length} inputs and ${targets.length} lists of targets`,
      expected: 'one list of targets for each input',
    });
  }
  targets.forEach((list, input) => {
    if (list.length === 0) {
      throw new PrecisError('input', { found: `input ${input} has no targets`, expected: 'at least one to score' });
    }
    list.forEach((target, place) => {
      const where = `target ${place} of input ${input}`;
      if (target.length === 0) {
        throw new PrecisError('input', {
          found: `${where} has no tokens`,
          expected: 'at least the end token',
          action: 'tokenize it with the end token',
        });
      }
      const bad = target.find((id) => id < 0 || id >= vocabSize);
      if (bad !== undefined) {
        throw new PrecisError('input', {
          found: `${where} has token id ${bad}`,
          expected: `ids from 0 to ${vocabSize - 1}`,
          action: "tokenize it with this model's tokenizer",
        });
      }
    });
  });
}
