const UNKNOWN_PENALTY = 10;
const LONGEST_CACHED_WORD = 64;
const MOST_CACHED_WORDS = 50_000;

/**
 * The Unigram model of SentencePiece: the pieces of a word with the greatest sum of scores, by Viterbi's algorithm
 * over a trie of the vocabulary. Ties go to the piece that starts earlier, as in Hugging Face's tokenizers.
 */
export class Unigram {
  private readonly trie: PieceTrie;
  private readonly scores: Float64Array;
  private readonly unknownId: number;
  private readonly unknownScore: number;
  private readonly words = new Map<string, Int32Array>();

  constructor(vocab: readonly (readonly [string, number])[], unknownId: number) {
    this.scores = Float64Array.from(vocab, ([, score]) => score);
    this.unknownId = unknownId;
    this.unknownScore =
      this.scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY;
    this.trie = new PieceTrie(vocab.map(([piece]) => piece));
  }

  encode(word: string): Int32Array {
    const known = this.words.get(word);
    if (known) return known;
    const ids = this.bestPath(word);
    if (word.length <= LONGEST_CACHED_WORD) {
      if (this.words.size >= MOST_CACHED_WORDS) this.words.clear();
      this.words.set(word, ids);
    }
    return ids;
  }

  private bestPath(word: string): Int32Array {
    const size = word.length;
    const best = new Float64Array(size + 1).fill(Number.NEGATIVE_INFINITY);
    const startsAt = new Int32Array(size + 1).fill(-1);
    const idEndingAt = new Int32Array(size + 1);
    best[0] = 0;
    const reach = (start: number, end: number, id: number, score: number) => {
      const total = best[start] + score;
      if (startsAt[end] >= 0 && total <= best[end]) return;
      best[end] = total;
      startsAt[end] = start;
      idEndingAt[end] = id;
    };
    for (let start = 0; start < size; ) {
      const charEnd = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      let hasSingle = false;
      for (let node = 0, end = start; end < size; ) {
        node = this.trie.child(node, word.charCodeAt(end++));
        if (node < 0) break;
        const id = this.trie.idAt(node);
        if (id < 0) continue;
        reach(start, end, id, this.scores[id]);
        if (end === charEnd) hasSingle = true;
      }
      if (!hasSingle) reach(start, charEnd, this.unknownId, this.unknownScore);
      start = charEnd;
    }
    return this.walkBack(startsAt, idEndingAt);
  }

  /** Neighbouring unknown characters become one unknown token. */
  private walkBack(startsAt: Int32Array, idEndingAt: Int32Array): Int32Array {
    const ids: number[] = [];
    for (let end = startsAt.length - 1; end > 0; end = startsAt[end]) {
      const id = idEndingAt[end];
      if (id !== this.unknownId || ids.at(-1) !== id) ids.push(id);
    }
    return Int32Array.from(ids.reverse());
  }
}

/** A trie over UTF-16 units in one open-addressed table: built in milliseconds, where nested maps take a tenth of a second. */
class PieceTrie {
  private readonly parents: Int32Array;
  private readonly units: Uint16Array;
  private readonly children: Int32Array;
  private readonly ids: Int32Array;
  private readonly mask: number;

  constructor(pieces: readonly string[]) {
    const mostNodes = pieces.reduce((sum, piece) => sum + piece.length, 1);
    let capacity = 1024;
    while (capacity < 2 * mostNodes) capacity *= 2;
    this.mask = capacity - 1;
    this.parents = new Int32Array(capacity).fill(-1);
    this.units = new Uint16Array(capacity);
    this.children = new Int32Array(capacity);
    this.ids = new Int32Array(mostNodes).fill(-1);
    let nodes = 1;
    pieces.forEach((piece, id) => {
      let node = 0;
      for (let i = 0; i < piece.length; i++) {
        const slot = this.slot(node, piece.charCodeAt(i));
        if (this.parents[slot] < 0) {
          this.parents[slot] = node;
          this.units[slot] = piece.charCodeAt(i);
          this.children[slot] = nodes++;
        }
        node = this.children[slot];
      }
      this.ids[node] = id;
    });
  }

  child(node: number, unit: number): number {
    const slot = this.slot(node, unit);
    return this.parents[slot] < 0 ? -1 : this.children[slot];
  }

  idAt(node: number): number {
    return this.ids[node];
  }

  /** Where the edge is, or the empty slot where it would go. */
  private slot(node: number, unit: number): number {
    let slot = Math.imul(Math.imul(node, 0x9e3779b1) ^ unit, 0x85ebca6b);
    slot = (slot ^ (slot >>> 15)) & this.mask;
    while (this.parents[slot] >= 0 && (this.parents[slot] !== node || this.units[slot] !== unit)) {
      slot = (slot + 1) & this.mask;
    }
    return slot;
  }
}
