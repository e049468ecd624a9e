import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { ConvertedModel } from '../../src/engine/convertedModel.js';
import { CrossCache, paddedLength } from '../../src/engine/crossCache.js';
import { Encoder } from '../../src/engine/encoder.js';
import { ForcedDecoder, type ForcedRows } from '../../src/engine/forcedDecoder.js';
import { openEngine } from '../../src/engine/index.js';
import { newStats } from '../../src/engine/stats.js';
import { convertOpened } from '../../src/graph/convert.js';
import type { Precision } from '../../src/graph/linear.js';
import { EncoderProbe } from './encoderProbe.js';

export interface Agreement {
  readonly tokens: number;
  /** Share of a document's positions at which both choose the same next token, mean over the documents. */
  readonly mean: number;
  readonly worstDocument: number;
  /** The same over all positions together. */
  readonly pooled: number;
  /** Positions at which fp32 ends the output, and how many of them the other ends too. */
  readonly ends: { readonly expected: number; readonly agreed: number; readonly tooEarly: number };
  /** Mean difference of the log-probability of fp32's choice. */
  readonly meanScoreDifference: number;
  /** Relative error (Frobenius) of what each encoder sublayer reads, and last of the encoder's states. */
  readonly encoderErrors: readonly number[];
  /** Relative error of each decoder layer's new keys and values. */
  readonly decoderErrors: readonly number[];
}

/** Compares a conversion in `precision` with fp32 under forced decoding: both are given fp32's greedy output, and asked for the next token at each place. */
export async function measureAgreement(
  checkpointDir: string,
  precision: Precision,
  documents: readonly Int32Array[],
  newTokens: number,
): Promise<Agreement> {
  const outputs = await greedyOutputs(checkpointDir, documents, newTokens);
  const folder = mkdtempSync(join(tmpdir(), 'precis-agreement-'));
  const exact = await Side.open(checkpointDir, 'fp32', mkdtempSync(join(folder, 'exact-')));
  const other = await Side.open(checkpointDir, precision, mkdtempSync(join(folder, 'other-')));
  try {
    const tally = new Tally(exact.eosTokenIds);
    const encoderErrors: RelativeError[] = [];
    const decoderErrors: RelativeError[] = [];
    for (const [index, ids] of documents.entries()) {
      const [expected, found] = [await exact.force(ids, outputs[index]), await other.force(ids, outputs[index])];
      tally.add(expected, found, outputs[index]);
      addErrors(decoderErrors, expected.layers, found.layers);
      addErrors(encoderErrors, await exact.probe.states(ids), await other.probe.states(ids));
    }
    return {
      ...tally.result(),
      encoderErrors: encoderErrors.map((error) => error.value),
      decoderErrors: decoderErrors.map((error) => error.value),
    };
  } finally {
    await exact.close();
    await other.close();
    rmSync(folder, { recursive: true });
  }
}

async function greedyOutputs(dir: string, documents: readonly Int32Array[], maxNewTokens: number) {
  const engine = await openEngine(dir, { precision: 'fp32' });
  try {
    const inputs = documents.map((ids) => ({ ids, truncated: false }));
    const results = await engine.generate(inputs, { numBeams: 1, maxNewTokens });
    return results.map(({ sequences }) => sequences[0].tokenIds);
  } finally {
    await engine.close();
  }
}

/** A conversion that is told what to decode. */
class Side {
  private readonly encoder: Encoder;

  private constructor(
    private readonly model: ConvertedModel,
    readonly probe: EncoderProbe,
  ) {
    this.encoder = new Encoder(model);
  }

  static async open(dir: string, precision: Precision, probeFolder: string): Promise<Side> {
    const checkpoint = openCheckpoint(dir);
    try {
      const conversion = await convertOpened(checkpoint, { precision });
      const probe = await EncoderProbe.open(checkpoint, conversion, probeFolder);
      return new Side(await ConvertedModel.open(conversion.dir, 1), probe);
    } finally {
      checkpoint.weights.close();
    }
  }

  get eosTokenIds(): readonly number[] {
    return this.model.config.eosTokenIds;
  }

  async force(ids: Int32Array, output: Int32Array): Promise<ForcedRows> {
    const padded = paddedLength(ids.length);
    const cross = new CrossCache(this.model, 1, padded);
    cross.reset(padded);
    await this.encoder.encode(ids, cross, 0);
    return new ForcedDecoder(this.model, cross, newStats()).run([{ target: 0, from: 0, to: output.length }], [output]);
  }

  async close(): Promise<void> {
    await this.model.close();
    await this.probe.close();
  }
}

class Tally {
  private readonly shares: number[] = [];
  private tokens = 0;
  private agreed = 0;
  private scoreDifference = 0;
  private readonly ends = { expected: 0, agreed: 0, tooEarly: 0 };

  constructor(private readonly eosTokenIds: readonly number[]) {}

  add(expected: ForcedRows, found: ForcedRows, output: Int32Array): void {
    let same = 0;
    for (let row = 0; row < output.length; row++) {
      const theirs = argmax(expected, row);
      const ours = argmax(found, row);
      if (ours === theirs) same += 1;
      if (this.eosTokenIds.includes(theirs)) {
        this.ends.expected += 1;
        if (ours === theirs) this.ends.agreed += 1;
      } else if (this.eosTokenIds.includes(ours)) this.ends.tooEarly += 1;
      this.scoreDifference += Math.abs(score(expected, row, theirs) - score(found, row, theirs));
    }
    this.shares.push(same / output.length);
    this.agreed += same;
    this.tokens += output.length;
  }

  result() {
    const { shares, tokens, agreed, ends } = this;
    return {
      tokens,
      mean: shares.reduce((sum, share) => sum + share, 0) / shares.length,
      worstDocument: Math.min(...shares),
      pooled: agreed / tokens,
      ends,
      meanScoreDifference: this.scoreDifference / tokens,
    };
  }
}

function argmax({ logits, stride }: ForcedRows, row: number): number {
  const begin = row * stride;
  let best = begin;
  for (let place = begin + 1; place < begin + stride; place++) if (logits[place] > logits[best]) best = place;
  return best - begin;
}

function score({ logits, stride, logSumExp }: ForcedRows, row: number, id: number): number {
  return logits[row * stride + id] - logSumExp[row];
}

/** |a - b| / |a| over everything added. */
class RelativeError {
  private difference = 0;
  private size = 0;

  add(expected: Float32Array, found: Float32Array): void {
    for (let i = 0; i < expected.length; i++) {
      this.difference += (expected[i] - found[i]) ** 2;
      this.size += expected[i] ** 2;
    }
  }

  get value(): number {
    return Math.sqrt(this.difference / this.size);
  }
}

function addErrors(errors: RelativeError[], expected: readonly Float32Array[], found: readonly Float32Array[]): void {
  expected.forEach((values, place) => {
    errors[place] ??= new RelativeError();
    errors[place].add(values, found[place]);
  });
}
