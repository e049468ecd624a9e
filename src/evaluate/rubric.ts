import fs from 'node:fs';
import { nearestName, PrecisError } from '../errors.js';
import { readProblem } from '../files/problems.js';
import type { LabelNormalization } from '../predict/functions/labelShares.js';

/** What a judge is asked, and what its possible answers are worth. */
export interface Rubric {
  /** `{summary}`, `{source}` and `{labels}` stand for the summary, its text, and the labels with commas between. Only the first must occur. */
  readonly prompt: string;
  /** At least two answers, each with its value from 0 (bad) to 1 (good). */
  readonly labels: Readonly<Record<string, number>>;
  /** As in classify: whether a label of many tokens counts with their sum (`none`, the default) or their mean (`tokens`). */
  readonly normalize?: LabelNormalization;
}

export const DEFAULT_RUBRIC: Rubric = {
  prompt:
    'Is the summary supported by the text, and does it tell what matters? Answer one of {labels}. ' +
    'summary: {summary} text: {source}',
  labels: { bad: 0, fair: 0.5, good: 1 },
};

const PARTS: readonly string[] = ['prompt', 'labels', 'normalize'];
const PLACES: readonly string[] = ['{summary}', '{source}', '{labels}'];
const NORMALIZATIONS: readonly unknown[] = ['none', 'tokens'];

/** A JSON file: {"prompt": "... {summary} ... {source}", "labels": {"bad": 0, "good": 1}}. */
export function readRubric(file: string): Rubric {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw readProblem(error, file, 'input');
    throw new PrecisError('input', { found: `there is no file ${file}`, expected: 'a rubric: a JSON file' });
  }
  let rubric: unknown;
  try {
    rubric = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new PrecisError('input', {
      found: `${file} is no JSON: ${(error as Error).message}`,
      expected: 'a rubric such as {"prompt": "... {summary} ... {source}", "labels": {"bad": 0, "good": 1}}',
      cause: error,
    });
  }
  return checkRubric(rubric, file);
}

/** `where` names the rubric in messages: its file, or the option that it was given by. */
export function checkRubric(rubric: unknown, where: string): Rubric {
  const refuse = (found: string, expected: string, action?: string): never => {
    throw new PrecisError('input', { found: `${where}: ${found}`, expected, action });
  };
  if (!isObject(rubric)) return refuse(`the rubric is ${shown(rubric)}`, 'an object with prompt and labels');
  for (const name of Object.keys(rubric)) {
    if (PARTS.includes(name)) continue;
    const nearest = nearestName(name, PARTS);
    refuse(`unknown ${shown(name)}`, `only ${PARTS.join(', ')}`, nearest ? `did you mean ${nearest}?` : undefined);
  }
  const { prompt, labels, normalize } = rubric;
  if (typeof prompt !== 'string') return refuse(`prompt is ${shown(prompt)}`, 'a text');
  for (const place of prompt.match(/\{\w+\}/g) ?? []) {
    if (!PLACES.includes(place)) refuse(`prompt has ${place}`, `only ${PLACES.join(', ')}`);
  }
  if (!prompt.includes('{summary}')) return refuse('prompt has no {summary}', 'a place for the summary');
  if (normalize !== undefined && !NORMALIZATIONS.includes(normalize)) {
    return refuse(`normalize is ${shown(normalize)}`, '"none" or "tokens"');
  }
  if (!isObject(labels)) return refuse(`labels are ${shown(labels)}`, 'an object of labels and their values');
  checkLabels(labels, refuse);
  return { prompt, labels: labels as Rubric['labels'], normalize: normalize as LabelNormalization | undefined };
}

function checkLabels(labels: Record<string, unknown>, refuse: (found: string, expected: string) => never): void {
  const values = Object.entries(labels);
  if (values.length < 2) refuse(`${values.length === 0 ? 'no label' : 'one label'}`, 'at least two');
  for (const [label, value] of values) {
    // White space around a label is no token of it, so that two labels could be one and the same answer.
    if (label === '' || label.trim() !== label) {
      refuse(`label ${shown(label)}`, 'a word or more, without white space around');
    }
    if (typeof value === 'number' && value >= 0 && value <= 1) continue;
    refuse(`label ${shown(label)} is worth ${shown(value)}`, 'a number from 0 to 1');
  }
  if (values.every(([, value]) => value === values[0][1])) refuse('all labels are worth the same', 'different values');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'missing');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
