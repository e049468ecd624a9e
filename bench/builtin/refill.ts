import type { Phases } from '../../src/measure/phases.js';
import { ratios, type Spread, spread } from '../../src/measure/statistics.js';
import { oursCandidate } from '../contests.js';
import { say } from '../tool.js';
import { alternate, type ContestWork, ran, rates, WORKERS } from './contest.js';
import { engineSide, type Side } from './sides.js';

/** What continuous refill alone gains: the same engine with and without it. */
export interface RefillResult {
  readonly beams: number;
  readonly documents: number;
  readonly rowsPerSecond: { readonly refilled: Spread; readonly batches: Spread };
  readonly gain: Spread;
  /** Decoder rows a step. */
  readonly rowsAStep: { readonly refilled: number; readonly batches: number };
}

export async function measureRefill(beams: number, work: ContestWork): Promise<RefillResult> {
  const { context, documents, tokenizer, repetitions } = work;
  say(`${beams === 1 ? 'greedy' : `${beams} beams`} with refill and without`);
  const sides: Side[] = [];
  try {
    for (const refill of [true, false]) {
      const candidate = oursCandidate(context, { precision: 'int8', beams, refill }, WORKERS);
      sides.push(await engineSide(refill ? 'with refill' : 'without', candidate, documents, tokenizer));
    }
    const [refilled, batches] = await alternate(sides, repetitions);
    const speeds = { refilled: rates(refilled, ran), batches: rates(batches, ran) };
    return {
      beams,
      documents: documents.ids.length,
      rowsPerSecond: { refilled: spread(speeds.refilled), batches: spread(speeds.batches) },
      gain: spread(ratios(speeds.refilled, speeds.batches)),
      rowsAStep: { refilled: rowsAStep(refilled[0].phases!), batches: rowsAStep(batches[0].phases!) },
    };
  } finally {
    for (const side of sides) await side.close();
  }
}

function rowsAStep({ decoderRows, decoderSteps }: Phases): number {
  return decoderRows / decoderSteps;
}
