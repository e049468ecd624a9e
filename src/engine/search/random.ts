/** A source of uniform numbers in [0, 1) with 53 random bits. */
export type Random = () => number;

const ODD_CONSTANTS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;
/** Rounds after which sfc32's four words no longer show how they were seeded. */
const WARM_UP_ROUNDS = 16;

/** Murmur's finalizer: every input bit reaches every output bit. */
function avalanche(word: number): number {
  let w = word;
  w = Math.imul(w ^ (w >>> 16), 0x85ebca6b);
  w = Math.imul(w ^ (w >>> 13), 0xc2b2ae35);
  return w ^ (w >>> 16);
}

/** 128 bits over the numbers given, in order: four lanes that differ in their multiplier. */
function hashWords(words: Iterable<number>): [number, number, number, number] {
  const lanes: [number, number, number, number] = [1, 2, 3, 4];
  for (const word of words) {
    for (let lane = 0; lane < 4; lane++) {
      lanes[lane] = Math.imul(avalanche(lanes[lane] ^ word) + lane, ODD_CONSTANTS[lane]);
    }
  }
  for (let lane = 0; lane < 4; lane++) lanes[lane] = avalanche(lanes[lane]);
  return lanes;
}

function* keyWords(seed: number, inputIds: Int32Array, sequence: number): Generator<number> {
  yield seed | 0;
  yield Math.floor(seed / 2 ** 32) | 0;
  yield sequence;
  yield inputIds.length;
  yield* inputIds;
}

/**
 * The random numbers of one returned sequence of one document. They depend on nothing but their three keys, so that
 * a document is sampled alike whatever batch, order or worker it is in.
 */
export function createRandom(seed: number, inputIds: Int32Array, sequence: number): Random {
  let [a, b, c, counter] = hashWords(keyWords(seed, inputIds, sequence));

  // sfc32 (Doty-Humphrey): four words of state, passes PractRand far beyond what a table of summaries draws.
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) next();
  return () => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53;
}
