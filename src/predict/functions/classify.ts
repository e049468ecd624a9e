import { type DataType, Field, Float64, Struct, Utf8 } from 'apache-arrow';
import type { RunContext } from '../../pool/types.js';
import type { Outcome } from '../texts/answerBatch.js';
import { apart } from '../texts/rowErrors.js';
import type { LoadedModel, ScoredText } from '../types.js';
import { type LabelNormalization, labelShares } from './labelShares.js';
import { inChunks, measured } from './measure.js';
import { type Task, type TaskResult, type TaskSpec, taskFunction } from './taskFunction.js';

export interface ClassifySettings {
  /** At least two, all different. */
  readonly labels: readonly string[];
  /** Put before the text; `{labels}` stands for the labels with a comma and a space between them. */
  readonly prompt: string;
  readonly normalize: LabelNormalization;
}

export interface Classified {
  readonly label: string;
  /** Of the label that was chosen. */
  readonly score: number;
  /** Of every label: shares that add up to 1. */
  readonly scores: Readonly<Record<string, number>>;
}

/** Chooses the label that the model finds most likely as its answer, by teacher-forced likelihood: nothing is generated. */
export const classify: Task<ClassifySettings> = {
  type({ labels }): DataType {
    return new Struct([
      new Field('label', new Utf8(), true),
      new Field('score', new Float64(), true),
      new Field('scores', new Struct(labels.map((label) => new Field(label, new Float64(), true))), false),
    ]);
  },

  async run(model, texts, spec: TaskSpec<ClassifySettings>, context: RunContext): Promise<Outcome<TaskResult>[]> {
    const { task, text } = spec;
    const how = { ...text, prefix: task.prompt.replaceAll('{labels}', () => task.labels.join(', ')) };
    const score = (some: readonly string[]) => scored(model, some, task, how);
    const values = await apart(texts, (some) => inChunks(some, context, score), context.signal);
    return values.map((value, row) => ('error' in value ? value : [{ value, ...measured(model, texts[row], how) }]));
  },
};

async function scored(
  model: LoadedModel,
  texts: readonly string[],
  settings: ClassifySettings,
  how: { readonly prefix: string },
): Promise<Classified[]> {
  const targets = texts.map(() => settings.labels);
  const likelihoods = await model.score(texts, targets, how);
  return likelihoods.map((ofText) => chosen(ofText, settings));
}

/** Of equals the label that was named first. */
function chosen(scores: readonly ScoredText[], { labels, normalize }: ClassifySettings): Classified {
  const shares = labelShares(scores, normalize);
  const best = shares.indexOf(Math.max(...shares));
  return {
    label: labels[best],
    score: shares[best],
    scores: Object.fromEntries(labels.map((label, index) => [label, shares[index]])),
  };
}

export const openClassify = taskFunction(classify);
