import { PrecisError } from '../errors.js';
import { labelShares } from '../predict/functions/labelShares.js';
import { openModel } from '../predict/openModel.js';
import type { LoadedModel, LoadOptions, ScoredText } from '../predict/types.js';
import { checkRubric, DEFAULT_RUBRIC, type Rubric } from './rubric.js';

export interface JudgeOptions extends LoadOptions {
  readonly rubric?: Rubric;
}

export interface JudgedRow {
  readonly source: string;
  readonly summary: string;
}

export interface JudgeHow {
  readonly signal?: AbortSignal;
  /** Called as soon as a row is judged, with how many are. */
  readonly onRow?: (done: number) => void;
}

/** A model that is asked what it thinks of summaries. A small one is a weak judge: see how far it agrees with people (rating/). */
export interface Judge {
  readonly uri: string;
  readonly precision: string;
  readonly rubric: Rubric;
  /** The expected value of the model's answer, from 0 to 1; null if question and summary alone are longer than the model reads. */
  score(rows: readonly JudgedRow[], how?: JudgeHow): Promise<(number | null)[]>;
  close(): Promise<void>;
}

/** Rows between two looks at the signal. */
const CHUNK = 8;
/** The rubric is the whole question: the model's prefix for summaries is switched off. */
const NO_PREFIX = { prefix: '' };

export async function openJudge(uri: string, options: JudgeOptions = {}): Promise<Judge> {
  const { rubric: given = DEFAULT_RUBRIC, ...load } = options;
  const rubric = checkRubric(given, 'the rubric of the judge');
  const model = await openModel(uri, load);
  if (model.precision === 'none') {
    await model.close();
    throw new PrecisError('model', {
      found: `the judge ${uri} has no weights, so no answer is likelier to it than another`,
      expected: 'a model with weights',
      action: 'name a model folder',
    });
  }
  return new ModelJudge(model, rubric);
}

class ModelJudge implements Judge {
  private readonly labels: readonly string[];

  constructor(
    private readonly model: LoadedModel,
    readonly rubric: Rubric,
  ) {
    this.labels = Object.keys(rubric.labels);
  }

  get uri(): string {
    return this.model.uri;
  }

  get precision(): string {
    return this.model.precision;
  }

  async score(rows: readonly JudgedRow[], { signal, onRow }: JudgeHow = {}): Promise<(number | null)[]> {
    const values: (number | null)[] = [];
    for (let begin = 0; begin < rows.length; begin += CHUNK) {
      signal?.throwIfAborted();
      for (const value of await this.scoreChunk(rows.slice(begin, begin + CHUNK))) {
        values.push(value);
        onRow?.(values.length);
      }
    }
    return values;
  }

  close(): Promise<void> {
    return this.model.close();
  }

  private async scoreChunk(rows: readonly JudgedRow[]): Promise<(number | null)[]> {
    const prompts = rows.map((row) => fittingPrompt(this.model, this.rubric, row));
    const asked = prompts.filter((prompt) => prompt !== null);
    const targets = asked.map(() => this.labels);
    const scores = await this.model.score(asked, targets, NO_PREFIX);
    let next = 0;
    return prompts.map((prompt) => (prompt === null ? null : this.expected(scores[next++])));
  }

  private expected(scores: readonly ScoredText[]): number {
    const shares = labelShares(scores, this.rubric.normalize ?? 'none');
    return shares.reduce((sum, share, index) => sum + share * this.rubric.labels[this.labels[index]], 0);
  }
}

/** The question with as much of the source, from its beginning, as the model can read beside the whole summary. */
function fittingPrompt(model: LoadedModel, rubric: Rubric, { source, summary }: JudgedRow): string | null {
  const limit = model.inputLimit(NO_PREFIX);
  const fits = (prompt: string) => model.inputTokens(prompt, NO_PREFIX) <= limit;
  const whole = question(rubric, source, summary);
  if (fits(whole)) return whole;
  const cut = (length: number) => question(rubric, wholeWords(source, length), summary);
  if (!fits(cut(0))) return null;
  // Twice as much each time and then by halves, because a long source should not be tokenized over and over.
  let [fitting, tooLong] = [0, limit];
  while (tooLong < source.length && fits(cut(tooLong))) [fitting, tooLong] = [tooLong, tooLong * 2];
  tooLong = Math.min(tooLong, source.length);
  while (tooLong - fitting > 1) {
    const middle = (fitting + tooLong) >> 1;
    if (fits(cut(middle))) fitting = middle;
    else tooLong = middle;
  }
  return cut(fitting);
}

/** In one pass, so that braces in a source or a summary stay what they are. */
function question({ prompt, labels }: Rubric, source: string, summary: string): string {
  const parts = { source, summary, labels: Object.keys(labels).join(', ') };
  return prompt.replace(/\{(source|summary|labels)\}/g, (_, part: keyof typeof parts) => parts[part]);
}

/** At most that many characters, without a word that would be cut in two, unless it is longer than words are. */
function wholeWords(text: string, length: number): string {
  const cut = text.slice(0, length);
  if (length >= text.length || /\s/.test(text[length])) return cut;
  const words = cut.replace(/\s\S{0,40}$/, '');
  // Where a script has no spaces, at least no character is cut in two.
  return words === cut ? cut.replace(/[\uD800-\uDBFF]$/, '') : words;
}
