import type { ScoredText } from '../types.js';

/**
 * `none`: a label's likelihood is that of all its tokens, the end token included, which is how likely the model is to answer with it.
 * `tokens`: their mean instead, which does not hold a label's length against it.
 */
export type LabelNormalization = 'none' | 'tokens';

/** How likely each label is as the answer, if it is one of them: shares that add up to 1. */
export function labelShares(scores: readonly ScoredText[], normalize: LabelNormalization): number[] {
  const logs = scores.map(({ logLikelihood, tokenScores }) =>
    normalize === 'tokens' ? logLikelihood / tokenScores.length : logLikelihood,
  );
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
