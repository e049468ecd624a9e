import { type Utf8, Vector } from 'apache-arrow';
import { PrecisError } from '../errors.js';
import { isText } from '../table/columns.js';
import { checkOptions, checkTexts } from './checkOptions.js';
import { Answers } from './texts/answers.js';
import { utf8Column } from './texts/columnBuilders.js';
import { joinAnswers } from './texts/join.js';
import { arrowType } from './texts/resultType.js';
import { KEEP_OTHERS, rowError } from './texts/rowReason.js';
import { TextFunction } from './texts/textFunction.js';
import { TextNumbering } from './texts/textNumbering.js';
import { textView } from './texts/textView.js';
import { UdfCounter } from './texts/udfCounter.js';
import type { LoadedModel } from './types.js';
import { PREDICT_RULES, PREDICT_VECTOR_RULES, textSetting } from './udfOptions.js';
import type { PredictOptions, PredictVectorOptions } from './udfTypes.js';

/** In this process and at once: for a few texts. */
export async function predictTexts(
  model: LoadedModel,
  texts: readonly string[],
  options: PredictOptions = {},
): Promise<string[]> {
  checkTexts(texts, 'text');
  checkOptions(options, PREDICT_RULES);
  const vector = new Vector<Utf8>([utf8Column(texts)]);
  return [...(await predicted(model, vector, options))] as string[];
}

/** The same rules as in a table: equal texts are computed once, null stays null, and rows fail as `onError` says. */
export async function predictVector(
  model: LoadedModel,
  vector: Vector,
  options: PredictVectorOptions = {},
): Promise<Vector> {
  checkOptions(options, PREDICT_VECTOR_RULES);
  if (!isText(vector.type)) {
    throw new PrecisError('column', { found: `the vector is of type ${vector.type}`, expected: 'a vector of text' });
  }
  return await predicted(model, vector, options, KEEP_OTHERS);
}

async function predicted(
  model: LoadedModel,
  vector: Vector,
  options: PredictVectorOptions,
  action?: string,
): Promise<Vector> {
  const setting = textSetting(options);
  const texts = new TextNumbering({ rows: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }, true);
  const plans = vector.data.map((chunk) => texts.plan(textView(chunk)));
  const answers = new Answers();
  if (texts.next > 0) {
    const { batch } = texts.take(texts.next);
    const context = { alive: () => {}, signal: options.signal };
    answers.add(0, (await new TextFunction(model, setting).run(batch, context)).batch);
  }
  const counter = new UdfCounter(model.precision, undefined);
  const type = arrowType(setting.resultType);
  const columns = plans.map((plan) => {
    const failure = counter.joined(plan, answers, counter.stats.rows);
    if (failure && (options.onError ?? 'fail') === 'fail') throw rowError(failure.row, failure.reason, action);
    return joinAnswers(type, plan.numbers, answers);
  });
  return new Vector(columns.length > 0 ? columns : [joinAnswers(type, new Float64Array(0), answers)]);
}
