/** A suffix, what stands for it, and how many vowel-consonant turns what stays must have at least. */
type Rule = readonly [suffix: string, replacement: string, least?: number];

/** The forms that Porter's readers complained about, as NLTK corrects them. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['sky', 'sky'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

const PLURALS: readonly Rule[] = [
  ['sses', 'ss'],
  ['ies', 'i'],
  ['ss', 'ss'],
  ['s', ''],
];

/** Double suffixes become single ones. In this order: only the first that a word ends in counts. */
const DOUBLE_SUFFIXES: readonly Rule[] = [
  ['ational', 'ate', 1],
  ['tional', 'tion', 1],
  ['enci', 'ence', 1],
  ['anci', 'ance', 1],
  ['izer', 'ize', 1],
  ['bli', 'ble', 1],
  ['entli', 'ent', 1],
  ['eli', 'e', 1],
  ['ousli', 'ous', 1],
  ['ization', 'ize', 1],
  ['ation', 'ate', 1],
  ['ator', 'ate', 1],
  ['alism', 'al', 1],
  ['iveness', 'ive', 1],
  ['fulness', 'ful', 1],
  ['ousness', 'ous', 1],
  ['aliti', 'al', 1],
  ['iviti', 'ive', 1],
  ['biliti', 'ble', 1],
  ['fulli', 'ful', 1],
];

const MIDDLE_SUFFIXES: readonly Rule[] = [
  ['icate', 'ic', 1],
  ['ative', '', 1],
  ['alize', 'al', 1],
  ['iciti', 'ic', 1],
  ['ical', 'ic', 1],
  ['ful', '', 1],
  ['ness', '', 1],
];

/** Removed without a replacement, and `ion` behind an s or a t. */
const LAST_SUFFIXES: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'],
  ...['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'],
].map((suffix) => [suffix, '', 2]);

/**
 * The stem of a word in lower case, by Porter's algorithm (1980) with the extensions of NLTK, which rouge_score uses.
 * Each step takes off at most one suffix.
 */
export function stem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  let left = withoutPlural(word);
  left = withoutPastOrIng(left);
  left = lastYToI(left);
  left = withSingleSuffix(left);
  left = applyFirst(left, MIDDLE_SUFFIXES);
  left = withoutLastSuffix(left);
  return withoutDoubleL(withoutFinalE(left));
}

function withoutPlural(word: string): string {
  // Four letters keep an e, so that `dies` meets `die`.
  if (word.length === 4 && word.endsWith('ies')) return word.slice(0, -1);
  return applyFirst(word, PLURALS);
}

function withoutPastOrIng(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return turns(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = word.endsWith('ed') ? 2 : word.endsWith('ing') ? 3 : 0;
  const left = word.slice(0, word.length - suffix);
  if (suffix === 0 || !consonants(left).includes(false)) return word;
  if (/(?:at|bl|iz)$/.test(left)) return `${left}e`;
  if (endsInDoubleConsonant(left)) return /[lsz]$/.test(left) ? left : left.slice(0, -1);
  return turns(left) === 1 && endsInShortSyllable(left) ? `${left}e` : left;
}

function lastYToI(word: string): string {
  // Only behind a consonant that is not the whole rest: `enjoy` and `by` keep it.
  if (word.length <= 2 || !word.endsWith('y')) return word;
  return consonants(word)[word.length - 2] ? `${word.slice(0, -1)}i` : word;
}

function withSingleSuffix(word: string): string {
  // `alli` goes first, for what it leaves may end in a double suffix again: `nationalli`, `national`, `nate`.
  if (word.endsWith('alli') && turns(word.slice(0, -4)) > 0) return withSingleSuffix(word.slice(0, -2));
  // The l belongs to the stem here, so that `geologi` is as good as `archaeologi`.
  if (word.endsWith('logi')) return turns(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  return applyFirst(word, DOUBLE_SUFFIXES);
}

function withoutLastSuffix(word: string): string {
  if (/[st]ion$/.test(word)) return turns(word.slice(0, -3)) > 1 ? word.slice(0, -3) : word;
  return applyFirst(word, LAST_SUFFIXES);
}

function withoutFinalE(word: string): string {
  if (!word.endsWith('e')) return word;
  const left = word.slice(0, -1);
  const count = turns(left);
  return count > 1 || (count === 1 && !endsInShortSyllable(left)) ? left : word;
}

function withoutDoubleL(word: string): string {
  return word.endsWith('ll') && turns(word.slice(0, -1)) > 1 ? word.slice(0, -1) : word;
}

/** The first rule whose suffix fits decides, even if what stays is too short for it. */
function applyFirst(word: string, rules: readonly Rule[]): string {
  for (const [suffix, replacement, least] of rules) {
    if (!word.endsWith(suffix)) continue;
    const left = word.slice(0, -suffix.length);
    return least === undefined || turns(left) >= least ? left + replacement : word;
  }
  return word;
}

/** Letter by letter: a vowel is a, e, i, o, u, and y behind a consonant. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = [];
  for (let at = 0; at < word.length; at++) {
    flags.push(word[at] === 'y' ? at === 0 || !flags[at - 1] : !'aeiou'.includes(word[at]));
  }
  return flags;
}

/** Porter's measure: how many times a consonant follows a vowel. */
function turns(word: string): number {
  const flags = consonants(word);
  let count = 0;
  for (let at = 1; at < flags.length; at++) if (flags[at] && !flags[at - 1]) count++;
  return count;
}

function endsInDoubleConsonant(word: string): boolean {
  return word.length >= 2 && word.at(-1) === word.at(-2) && consonants(word).at(-1)!;
}

/** Consonant, vowel, consonant (but w, x and y), as in `hop`; of two letters, vowel and consonant. */
function endsInShortSyllable(word: string): boolean {
  const flags = consonants(word);
  if (word.length < 2 || flags.at(-2) || !flags.at(-1)) return false;
  return word.length === 2 || (flags.at(-3)! && !/[wxy]$/.test(word));
}
