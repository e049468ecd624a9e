import { rouge } from '../../src/evaluate/rouge/rouge.js';
import type { LoadedModel } from '../../src/index.js';
import type { Pair } from '../corpus/pairs.js';
import { mean } from './summaries.js';

/** No prefix: the pairs hold the questions as `aiFunction` poses them. */
const AS_IS = { prefix: '' } as const;

/** The share of texts whose likeliest label is the right one. */
export async function classifyAccuracy(model: LoadedModel, pairs: readonly Pair[]): Promise<number> {
  const labels = pairs.map(({ source }) => /^classify: labels: (.*?) text: /s.exec(source)![1].split(', '));
  const scores = await model.score(
    pairs.map(({ source }) => source),
    labels,
    AS_IS,
  );
  return mean(
    pairs.map(({ target }, row) => {
      const likelihoods = scores[row].map(({ logLikelihood }) => logLikelihood);
      return labels[row][likelihoods.indexOf(Math.max(...likelihoods))] === target ? 1 : 0;
    }),
  );
}

/** The share of fields that come out letter by letter. */
export async function extractAccuracy(model: LoadedModel, pairs: readonly Pair[]): Promise<number> {
  const answers = await answersTo(model, pairs);
  return mean(pairs.map(({ target }, row) => (answers[row].trim() === target.trim() ? 1 : 0)));
}

export async function titleRougeL(model: LoadedModel, pairs: readonly Pair[]): Promise<number> {
  const answers = await answersTo(model, pairs);
  return mean(pairs.map(({ target }, row) => rouge(target, answers[row]).rougeL.f1));
}

async function answersTo(model: LoadedModel, pairs: readonly Pair[]): Promise<string[]> {
  const { results } = await model.generateTexts(
    pairs.map(({ source }) => source),
    {},
    AS_IS,
  );
  return results.map(({ text }) => text);
}
