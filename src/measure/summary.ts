import type { MeasuredModel } from './model.js';
import { operationsPerDocument } from './operations.js';
import { labelOf, type Setting, varyingParts } from './settings.js';
import { median, type Spread, spread } from './statistics.js';
import type { SweepRun } from './sweep.js';

/** What the repetitions of a setting come to. Null: not known of this model. */
export interface Summary {
  readonly setting: Setting;
  readonly label: string;
  readonly repetitions: number;
  readonly documentsPerSecond: Spread;
  readonly inputTokensPerSecond: number;
  readonly outputTokensPerSecond: number;
  /** Milliseconds that one worker spends on a document, medians: tokenizing, the encoder, the decoder's steps with all around them. */
  readonly tokenizeMs: number | null;
  readonly prefillMs: number | null;
  readonly decodeMs: number | null;
  /** The share of what bare products reach on as many cores in the same repetition. */
  readonly roofline: Spread | null;
  /** The most of all repetitions. */
  readonly peakBytes: number;
}

/** One a setting that has run at least once, in the order of the settings. */
export function summarize(
  settings: readonly Setting[],
  model: MeasuredModel,
  runs: readonly SweepRun[],
): readonly Summary[] {
  const varying = varyingParts(settings);
  return settings.flatMap((setting, index) => {
    const own = runs.filter((run) => run.setting === index);
    if (own.length === 0) return [];
    // `auto` is shown as what it came to.
    const chosen = { ...setting, precision: own[0].precision, numBeams: setting.numBeams ?? model.beams };
    return [
      { setting: chosen, label: labelOf(chosen, varying) || labelOf(chosen, USUAL), ...figures(own, chosen, model) },
    ];
  });
}

/** What a single setting is called by. */
const USUAL = ['precision', 'workers'] as const;

function figures(runs: readonly SweepRun[], { numBeams }: Setting, model: MeasuredModel) {
  const speeds = runs.map(({ tokens, seconds }) => tokens.length / seconds);
  const perSecond = (of: 'input' | 'output') =>
    median(runs.map(({ tokens, seconds }) => tokens.reduce((sum, row) => sum + row[of], 0) / seconds));
  const phases = runs.flatMap((run) => (run.phases ? [run.phases] : []));
  const perDocument = (ms: (of: (typeof phases)[number]) => number) =>
    phases.length === 0 ? null : median(phases.map((of) => ms(of) / of.documents));
  const shares = runs.flatMap((run, i) => {
    const operations = operationsOf(run, model, numBeams ?? 1);
    return operations === null || run.bareRate === null ? [] : [(operations * speeds[i]) / run.bareRate];
  });
  return {
    repetitions: runs.length,
    documentsPerSecond: spread(speeds),
    inputTokensPerSecond: perSecond('input'),
    outputTokensPerSecond: perSecond('output'),
    tokenizeMs: perDocument((of) => of.tokenizeMs),
    prefillMs: perDocument((of) => of.encodeMs),
    decodeMs: perDocument((of) => of.decodeMs + of.copyMs + of.selectMs),
    roofline: shares.length === 0 ? null : spread(shares),
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
  };
}

/** Operations of a document, on average over those of the run. */
function operationsOf({ tokens }: SweepRun, { dimensions }: MeasuredModel, beams: number): number | null {
  if (dimensions === null) return null;
  const each = tokens.map(({ input, output }) => operationsPerDocument(dimensions, input, output, beams));
  return each.reduce((sum, { encoder, decoder }) => sum + encoder + decoder, 0) / each.length;
}
