import type { GenerationOptions } from '../engine/types.js';
import { PrecisError } from '../errors.js';
import { splitDocument } from '../text/splitDocument.js';
import { apart, type RowError } from './texts/rowErrors.js';
import type { GeneratedText, LoadedModel, ScoreOptions, TextOptions } from './types.js';

/**
 * What becomes of a text that a model cannot read whole: it is cut and reported as truncated; it is an error; or its parts are summarized, then
 * the joined summaries, until they fit.
 */
export type LongDocuments = 'truncate' | 'error' | 'map-reduce';

export interface LongOptions extends ScoreOptions {
  readonly longDocuments?: LongDocuments;
  readonly signal?: AbortSignal;
  /** Called whenever a text is done; of those of a call that failed more than once. */
  readonly onRow?: () => void;
  /** Called now and then while texts are under way: a sign of life. */
  readonly onWork?: () => void;
}

/** Of a text in parts, `inputTokens` counts everything that the model read for it, and `truncated` says that even that was not all. */
export interface LongResult extends GeneratedText {
  /** Parts that the text was cut into; 1 if it fitted. */
  readonly chunks: number;
}

type PartOptions = Omit<LongOptions, 'longDocuments'>;

/** One list a text, as many results as numReturnSequences; or why there are none. */
export type LongOutcome = readonly LongResult[] | RowError;

/** Sentences that two neighbouring parts have in common. */
const OVERLAP = 2;

/** What a round must leave of a document at most. Otherwise summaries that are as long as their parts would go on for ever. */
const LEFT_AT_MOST = 0.9;

type Generate = (texts: readonly string[]) => Promise<(readonly GeneratedText[] | RowError)[]>;

/** A document on its way: the text that is to be read next, and what was read for it so far. */
interface Document {
  readonly index: number;
  text: string;
  tokens: number;
  chunks: number;
  inputTokens: number;
  truncated: boolean;
  /** Its summaries do not get shorter: the text that there is now is the last one, cut or not. */
  isLast: boolean;
}

/** Generates for texts of any length. Options that are wrong are thrown; what one text brings about is that text's own outcome. */
export async function generateLong(
  model: LoadedModel,
  texts: readonly string[],
  options: GenerationOptions = {},
  how: LongOptions = {},
): Promise<LongOutcome[]> {
  const { longDocuments = 'truncate', ...rest } = how;
  // Without a text there is nothing that could fail but the options, which are nobody's own.
  await model.generateTexts([], options, rest);
  const inParts = longDocuments === 'map-reduce';
  // A part that is done is no text that is done.
  const hooks = inParts ? { ...rest, onRow: rest.onWork } : rest;
  const generate: Generate = (some) => apart(some, (those) => generateLists(model, those, options, hooks), rest.signal);
  if (inParts) return await mapReduce(model, texts, rest, generate);
  const refused = longDocuments === 'error' ? texts.map((text) => tooLong(model, text, rest)) : [];
  const fitting = refused.length === 0 ? texts : texts.filter((_, index) => !refused[index]);
  const results = await generate(fitting);
  let next = 0;
  return texts.map((_, index) => refused[index] ?? once(results[next++]));
}

/** A list for each text. */
async function generateLists(
  model: LoadedModel,
  texts: readonly string[],
  options: GenerationOptions,
  how: TextOptions,
): Promise<(readonly GeneratedText[])[]> {
  const { results } = await model.generateTexts(texts, options, how);
  const perText = results.length / texts.length;
  if (perText === 1) return results.map((result) => [result]);
  return texts.map((_, index) => results.slice(index * perText, (index + 1) * perText));
}

function once(results: readonly GeneratedText[] | RowError): LongOutcome {
  return 'error' in results
    ? results
    : results.map((result) => withChunks(result, 1, result.inputTokens, result.truncated));
}

function tooLong(model: LoadedModel, text: string, how: ScoreOptions): RowError | undefined {
  const tokens = model.inputTokens(text, how);
  const limit = model.inputLimit(how);
  if (tokens <= limit) return undefined;
  const found = `the text has ${tokens} tokens`;
  const action = 'set longDocuments to "truncate" or "map-reduce", or raise maxInputTokens';
  return { error: new PrecisError('input', { found, expected: `at most ${limit}`, action }).message };
}

/** Round after round; in each, all parts of all documents go through the model in one call, so that its batch stays full. */
async function mapReduce(
  model: LoadedModel,
  texts: readonly string[],
  how: PartOptions,
  generate: Generate,
): Promise<LongOutcome[]> {
  const outcomes = new Array<LongOutcome>(texts.length);
  let documents = texts.map((text, index) => newDocument(model, text, index, how));
  while (documents.length > 0) {
    const parts = documents.map((document) => partsOf(model, document, how));
    const results = await generate(parts.flat());
    let next = 0;
    const going: Document[] = [];
    documents.forEach((document, place) => {
      const begin = next;
      next += parts[place].length;
      const outcome = advance(model, document, results.slice(begin, next), how);
      if (!outcome) {
        going.push(document);
        return;
      }
      outcomes[document.index] = outcome;
      how.onRow?.();
    });
    documents = going;
  }
  return outcomes;
}

function newDocument(model: LoadedModel, text: string, index: number, how: PartOptions): Document {
  how.onWork?.();
  const tokens = model.inputTokens(text, how);
  return { index, text, tokens, chunks: 0, inputTokens: 0, truncated: false, isLast: false };
}

function partsOf(model: LoadedModel, document: Document, how: PartOptions): string[] {
  const limit = model.inputLimit(how);
  const count = (stretch: string) => {
    how.onWork?.();
    return model.inputTokens(stretch, how);
  };
  const { text } = document;
  const fits = document.tokens <= limit || document.isLast;
  const parts = fits ? [] : splitDocument(text, { limit, count, overlap: OVERLAP });
  document.isLast = parts.length < 2;
  if (document.chunks === 0) document.chunks = Math.max(1, parts.length);
  return document.isLast ? [text] : parts.map(({ start, end }) => text.slice(start, end));
}

/** Takes in what a round brought: the outcome if it was the last, otherwise the text of the next. */
function advance(
  model: LoadedModel,
  document: Document,
  results: readonly (readonly GeneratedText[] | RowError)[],
  how: ScoreOptions,
): LongOutcome | null {
  const summaries: string[] = [];
  for (const result of results) {
    if ('error' in result) return result;
    document.inputTokens += result[0].inputTokens;
    document.truncated ||= result[0].truncated;
    summaries.push(result[0].text);
  }
  const { chunks, inputTokens, truncated } = document;
  if (document.isLast) {
    const [last] = results as readonly (readonly GeneratedText[])[];
    return last.map((result) => withChunks(result, chunks, inputTokens, truncated));
  }
  document.text = summaries.join('\n\n');
  const tokens = model.inputTokens(document.text, how);
  document.isLast = tokens > LEFT_AT_MOST * document.tokens;
  document.tokens = tokens;
  return null;
}

function withChunks(result: GeneratedText, chunks: number, inputTokens: number, truncated: boolean): LongResult {
  // Named one by one: a spread takes longer than all the rest of a row that is merely passed through.
  const { text, tokenIds, outputTokens, finishReason, score, tokenScores } = result;
  return { text, tokenIds, inputTokens, outputTokens, truncated, finishReason, score, tokenScores, chunks };
}
