import fs from 'node:fs';
import path from 'node:path';

const LETTERS = 'etaoinshrdlucmfwygpbvkxqjzETAOINSHRDLUCMFWYGPBVKXQJZ0123456789.,:;!?\'"()-/%$&';

const WORDS = `the of and to in a is that for it was on are as with his they at be this from have or by one had not but what
all were when we there can an your which their said if do will each about how up out them then she many some so these would other
into has more her two like him see time could no make than first been its who now people my made over did down only way find use
may water long little very after words called just where most know get through back much before go good new write our used me
man too any day same right look think also around another came come work three word must because does part even place well such
here take why things help put years different away again off went old number great tell men say small every found still between
name should home big give air line set own under read last never us left end along while might next sound below saw something
thought both few those always looked show large often together asked house world going want school important until form food keep
children feet land side without boy once animals life enough took sometimes four head above kind began almost live page got earth
need far hand high year mother light parts country father let night following picture being study second eyes soon times story
boys since white days ever paper hard near sentence better best across during today others however sure means knew try told young
miles sun ways thing whole hear example heard several change answer room sea against top turned learn point city play toward five
using himself usually money report government company market price city police court week state percent minister court team season`;

const ENDINGS = `ing ed er est ly tion ment ness able al ic ous ity ies es en re un in an on at or is it le nd th ch sh st nt ea ou
ow ai ar ir ur el il ol ul am em im om um ent ant ate ive ize ary ory ure age ack ick ock ess ell all ill ain ine one ide ade`;

/** How many sentinel tokens stand at the end of the vocabulary, as in every T5. */
const SENTINELS = 100;

/** A small Unigram tokenizer in the shape of T5's own; returns how many entries it has. */
export function writeUnigramTokenizer(dir: string): number {
  const pieces: [string, number][] = [
    ['<pad>', 0],
    ['</s>', 0],
    ['<unk>', 0],
    ['▁', -3],
  ];
  const words = new Set(WORDS.split(/\s+/));
  const endings = new Set(ENDINGS.split(/\s+/));
  // A longer piece must beat the sum of its parts, and equal scores would leave the choice to the order of a search.
  let rank = 0;
  const score = (base: number) => base - rank++ * 0.0017;
  for (const word of words) pieces.push([`▁${word}`, score(-5)]);
  for (const ending of endings) if (ending.length > 1) pieces.push([ending, score(-6)]);
  for (const letter of LETTERS) pieces.push([letter, score(-7)]);
  const sentinels = Array.from({ length: SENTINELS }, (_, i) => `<extra_id_${SENTINELS - 1 - i}>`);
  const firstSentinel = pieces.length;
  for (const sentinel of sentinels) pieces.push([sentinel, 0]);
  const special = [
    ...['<pad>', '</s>', '<unk>'].map((content, id) => ({ id, content })),
    ...sentinels.map((content, i) => ({ id: firstSentinel + i, content })),
  ].map((token) => ({ ...token, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }));
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
  const end = { SpecialToken: { id: '</s>', type_id: 0 } };
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  writeJson(path.join(dir, 'tokenizer.json'), {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: {
      type: 'TemplateProcessing',
      single: [sequence('A'), end],
      pair: [sequence('A'), end, sequence('B'), end],
      special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
    },
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: 2, vocab: pieces, byte_fallback: false },
  });
  writeTokenizerConfig(dir, 'T5Tokenizer', sentinels, special);
  return pieces.length;
}

/** ByT5 has no vocabulary file: three special tokens, 256 bytes and 125 sentinels. */
export function writeByteTokenizer(dir: string): number {
  const sentinels = Array.from({ length: 125 }, (_, i) => `<extra_id_${i}>`);
  const special = ['<pad>', '</s>', '<unk>'].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: id !== 2,
    rstrip: false,
    normalized: true,
    special: true,
  }));
  writeTokenizerConfig(dir, 'ByT5Tokenizer', sentinels, special);
  return 384;
}

function writeTokenizerConfig(
  dir: string,
  tokenizerClass: string,
  sentinels: readonly string[],
  special: readonly { id: number; content: string }[],
): void {
  writeJson(path.join(dir, 'tokenizer_config.json'), {
    added_tokens_decoder: Object.fromEntries(special.map(({ id, ...token }) => [id, token])),
    additional_special_tokens: sentinels,
    clean_up_tokenization_spaces: false,
    eos_token: '</s>',
    extra_ids: sentinels.length,
    model_max_length: 512,
    pad_token: '<pad>',
    tokenizer_class: tokenizerClass,
    unk_token: '<unk>',
  });
}

function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}
