import { PrecisError } from '../errors.js';
import { AddedTokenSplitter } from './addedTokens.js';
import { cleanUpSpaces, wellFormed } from './cleanUp.js';
import { PrecompiledNormalizer } from './precompiled.js';
import type { TokenizerFiles, TokenizerJson } from './tokenizerFiles.js';
import type { EncodeOptions, TokenizedText, Tokenizer } from './types.js';
import { Unigram } from './unigram.js';

const SPACE = '\u2581';
/** Unicode's White_Space, which `\s` is not quite. */
const WHITE_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
/** A plain space between characters that join no grapheme with it: normalizing before and after it apart changes nothing. */
const SAFE_CUT = /[\p{L}\p{M}\p{N}\p{P}\p{S}][ \n\t](?=[\p{L}\p{N}\p{P}])/gu;
const STRETCH_LENGTH = 4096;

type Part = Readonly<Record<string, unknown>> | null;

/**
 * The tokenizer of T5 and mT5: precompiled normalization, words split at white space, Unigram pieces a word.
 * Null when tokenizer.json has any other form.
 */
export function readUnigramTokenizer(files: TokenizerFiles): Tokenizer | null {
  const json = files.json;
  if (json === null || json.model.type !== 'Unigram' || json.model.byte_fallback === true) return null;
  if (json.added_tokens.some((token) => token.normalized || token.single_word)) return null;
  const charsmap = readCharsmap(json.normalizer);
  const ending = readEnding(json.post_processor);
  if (charsmap === undefined || ending === null) return null;
  if (!isWordSplit(json.pre_tokenizer) || !isMetaspace(json.decoder)) return null;
  try {
    const normalizer = charsmap === null ? null : new PrecompiledNormalizer(Buffer.from(charsmap, 'base64'));
    return new UnigramTokenizer(files, json, normalizer, ending);
  } catch (cause) {
    throw new PrecisError('tokenizer', { found: `${files.jsonPath}: ${(cause as Error).message}`, cause });
  }
}

class UnigramTokenizer implements Tokenizer {
  readonly vocabSize: number;
  readonly defaultMaxTokens: number;
  readonly specialTokens: number;
  private readonly model: Unigram;
  private readonly splitter: AddedTokenSplitter;
  private readonly pieces: (string | undefined)[];
  private readonly specialIds: ReadonlySet<number>;
  private readonly cleanUp: boolean;
  private readonly truncateLeft: boolean;

  constructor(
    files: TokenizerFiles,
    json: TokenizerJson,
    private readonly normalizer: PrecompiledNormalizer | null,
    private readonly ending: readonly number[],
  ) {
    const vocab = checkVocab(json.model.vocab);
    const unknownId = json.model.unk_id;
    if (!Number.isInteger(unknownId) || !vocab[unknownId as number])
      throw new Error('model.unk_id is not an id of model.vocab');
    this.model = new Unigram(vocab, unknownId as number);
    this.pieces = vocab.map(([piece]) => piece);
    for (const token of json.added_tokens) this.pieces[token.id] = token.content;
    this.vocabSize = this.pieces.length;
    this.splitter = new AddedTokenSplitter(json.added_tokens);
    this.specialIds = new Set(json.added_tokens.filter((token) => token.special).map((token) => token.id));
    this.cleanUp = files.config.clean_up_tokenization_spaces === true;
    this.defaultMaxTokens = files.defaultMaxTokens;
    this.truncateLeft = files.truncateLeft;
    this.specialTokens = ending.length;
  }

  encode(text: string, options: EncodeOptions = {}): TokenizedText {
    const room = Math.max(0, (options.maxTokens ?? this.defaultMaxTokens) - this.ending.length);
    const ids: number[] = [];
    // Words are independent of each other, so that the first ids of a text never depend on what follows the cut.
    for (const wordIds of this.wordsOf(wellFormed((options.prefix ?? '') + text))) {
      for (let i = 0; i < wordIds.length; i++) ids.push(wordIds[i]);
      if (ids.length > room && !this.truncateLeft) break;
    }
    const truncated = ids.length > room;
    const kept = !truncated ? ids : this.truncateLeft ? ids.slice(ids.length - room) : ids.slice(0, room);
    return { ids: Int32Array.from(kept.concat(this.ending)), truncated };
  }

  decode(ids: ArrayLike<number>): string {
    let text = '';
    let isFirst = true;
    for (let i = 0; i < ids.length; i++) {
      const piece = this.pieces[ids[i]];
      if (piece === undefined || this.specialIds.has(ids[i])) continue;
      text += piece.replaceAll(SPACE, isFirst ? '' : ' ');
      isFirst = false;
    }
    return this.cleanUp ? cleanUpSpaces(text) : text;
  }

  private *wordsOf(text: string): Generator<ArrayLike<number>> {
    for (const stretch of this.splitter.split(text)) {
      if ('token' in stretch) {
        yield [stretch.token.id];
        continue;
      }
      for (const piece of safePieces(stretch.text)) {
        for (const word of (this.normalizer?.normalize(piece) ?? piece).split(WHITE_SPACE)) {
          if (word === '') continue;
          if (!word.includes(SPACE)) yield this.model.encode(SPACE + word);
          else
            for (const part of word.split(/(?=\u2581)/))
              yield this.model.encode(part.startsWith(SPACE) ? part : SPACE + part);
        }
      }
    }
  }
}

/** Cuts a long text where it cannot matter, so that what lies beyond the truncation is never normalized. */
function* safePieces(text: string): Generator<string> {
  let start = 0;
  while (text.length - start > STRETCH_LENGTH) {
    SAFE_CUT.lastIndex = start + STRETCH_LENGTH;
    if (!SAFE_CUT.test(text)) break;
    yield text.slice(start, SAFE_CUT.lastIndex);
    start = SAFE_CUT.lastIndex;
  }
  yield text.slice(start);
}

/** The charsmap; null when nothing is normalized; undefined when the normalizer is of another kind. */
function readCharsmap(normalizer: Part): string | null | undefined {
  if (normalizer === null) return null;
  if (normalizer.type === 'Precompiled') return (normalizer.precompiled_charsmap as string | null) || null;
  if (normalizer.type !== 'Sequence' || !Array.isArray(normalizer.normalizers)) return undefined;
  if (normalizer.normalizers.length === 0) return null;
  return normalizer.normalizers.length === 1 ? readCharsmap(normalizer.normalizers[0] as Part) : undefined;
}

function isWordSplit(preTokenizer: Part): boolean {
  const steps = preTokenizer?.type === 'Sequence' ? preTokenizer.pretokenizers : null;
  return Array.isArray(steps) && steps.length === 2 && steps[0]?.type === 'WhitespaceSplit' && isMetaspace(steps[1]);
}

function isMetaspace(part: Part): boolean {
  if (part?.type !== 'Metaspace' || (part.replacement ?? SPACE) !== SPACE) return false;
  return (
    (part.prepend_scheme ?? (part.add_prefix_space === false ? 'never' : 'always')) === 'always' && part.split !== false
  );
}

/** The ids that end every text; null when something is put elsewhere than at the end. */
function readEnding(postProcessor: Part): readonly number[] | null {
  if (postProcessor === null) return [];
  if (postProcessor.type !== 'TemplateProcessing' || !Array.isArray(postProcessor.single)) return null;
  const [first, ...rest] = postProcessor.single as { Sequence?: unknown; SpecialToken?: { id: string } }[];
  if (!first?.Sequence || rest.some((item) => !item.SpecialToken)) return null;
  const known = (postProcessor.special_tokens ?? {}) as Record<string, { ids: number[] } | undefined>;
  const ids = rest.map((item) => known[item.SpecialToken!.id]?.ids ?? null);
  return ids.includes(null) ? null : (ids as number[][]).flat();
}

function checkVocab(vocab: unknown): [string, number][] {
  const isEntry = (entry: unknown) =>
    Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'number' && !Number.isNaN(entry[1]);
  if (!Array.isArray(vocab) || vocab.length === 0) throw new Error('model.vocab is not a list of pieces and scores');
  const wrong = vocab.findIndex((entry) => !isEntry(entry));
  if (wrong >= 0) throw new Error(`model.vocab[${wrong}] is not a piece with its score`);
  return vocab;
}
