import type { ConvertedModel } from './convertedModel.js';
import { biasByAge } from './relativeBias.js';
import { type Feeds, tensor } from './session.js';

/** The cache grows by this many slots at a time: the price of a re-layout against reading slots that are still empty. */
const GROWTH = 16;

/** Positions that a row's path has room for at first. */
const FIRST_PATH = 64;

/** The cache's view of one document: which slots are in use and, for each of its rows, which slot holds which position. */
interface Occupant {
  used: number;
  /** Slots it may use before it is squeezed or grows; follows from its own past alone. */
  capacity: number;
  /** Tokens fed so far; all rows of a document are equally long. */
  time: number;
  /** paths[row][position] = slot. They grow with the time: most outputs end long before the longest that is allowed. */
  paths: Int32Array[];
}

/**
 * The decoder's own keys and values, [documents, H, slots, d_kv] a layer. A step appends one slot a row. Beams never copy what they share:
 * a row's path says which slots it descends from, the bias hides the others, and slots on no path are squeezed out when the cache is full.
 */
export class SelfCache {
  private keys: Float32Array[];
  private values: Float32Array[];
  private readonly occupants: Occupant[] = [];
  private readonly biases: (readonly Float32Array[])[];
  private readonly heads: number;
  private readonly dKv: number;
  private slots = 0;

  constructor(
    model: ConvertedModel,
    private readonly documents: number,
    private readonly rows: number,
    private readonly maxTime: number,
  ) {
    const { numHeads, dKv, numDecoderLayers } = model.config;
    this.heads = numHeads;
    this.dKv = dKv;
    this.biases = model.manifest.decoderBias.map(biasByAge);
    const empty = Array.from({ length: numDecoderLayers }, () => new Float32Array(0));
    this.keys = empty;
    this.values = [...empty];
    for (let slot = 0; slot < documents; slot++) this.occupants.push(this.newOccupant());
    this.resize(GROWTH, 0);
  }

  private newOccupant(): Occupant {
    return {
      used: 0,
      capacity: GROWTH,
      time: 0,
      paths: Array.from({ length: this.rows }, () => new Int32Array(FIRST_PATH)),
    };
  }

  /** Makes room at a document's place for a new one. */
  clear(document: number): void {
    const occupant = this.occupants[document];
    occupant.used = 0;
    occupant.capacity = GROWTH;
    occupant.time = 0;
  }

  move(from: number, to: number): void {
    const size = this.heads * this.slots * this.dKv;
    for (const plane of [...this.keys, ...this.values]) plane.copyWithin(to * size, from * size, (from + 1) * size);
    const emptied = this.occupants[to];
    this.occupants[to] = this.occupants[from];
    this.occupants[from] = emptied;
    this.clear(from);
  }

  /**
   * Before a step: room for one slot a row in each of the first `documents` documents. A document is squeezed when it alone demands it:
   * the order of its slots is the order in which attention sums, which must not depend on its neighbours.
   */
  makeRoom(documents: number): void {
    const headroom = this.rows === 1 ? 1 : this.rows * 4;
    let needed = this.slots;
    for (let d = 0; d < documents; d++) {
      const occupant = this.occupants[d];
      if (occupant.used + this.rows <= occupant.capacity) continue;
      const live = this.squeeze(d);
      if (live + headroom > occupant.capacity) occupant.capacity = Math.ceil((live + headroom) / GROWTH) * GROWTH;
      needed = Math.max(needed, occupant.capacity);
    }
    if (needed > this.slots) this.resize(needed, documents);
  }

  feed(feeds: Feeds, documents: number): void {
    const size = this.heads * this.slots * this.dKv;
    const dims = [documents, this.heads, this.slots, this.dKv];
    for (let layer = 0; layer < this.keys.length; layer++) {
      feeds[`past_k.${layer}`] = tensor('float32', this.keys[layer].subarray(0, documents * size), dims);
      feeds[`past_v.${layer}`] = tensor('float32', this.values[layer].subarray(0, documents * size), dims);
    }
    this.biases.forEach((bias, set) => {
      const columns = this.slots + this.rows;
      feeds[`self_bias.${set}`] = tensor('float32', this.biasOf(bias, documents), [
        documents,
        this.heads,
        this.rows,
        columns,
      ]);
    });
  }

  private biasOf(bias: readonly Float32Array[], documents: number): Float32Array {
    const { heads, rows, slots } = this;
    const columns = slots + rows;
    const values = new Float32Array(documents * heads * rows * columns).fill(Number.NEGATIVE_INFINITY);
    for (let d = 0; d < documents; d++) {
      const { time, paths } = this.occupants[d];
      for (let h = 0; h < heads; h++) {
        const ages = bias[h];
        const reach = ages.length - 1;
        for (let row = 0; row < rows; row++) {
          const begin = ((d * heads + h) * rows + row) * columns;
          const path = paths[row];
          for (let position = 0; position < time; position++) {
            const age = time - position;
            values[begin + path[position]] = ages[Math.min(age, reach)];
          }
          values[begin + slots + row] = ages[0];
        }
      }
    }
    return values;
  }

  /** After a step: the new keys and values [documents * rows, 2 * inner] of a layer go into the next free slots. */
  append(layer: number, fresh: Float32Array, documents: number): void {
    const { heads, rows, slots, dKv } = this;
    const inner = heads * dKv;
    const key = this.keys[layer];
    const value = this.values[layer];
    for (let d = 0; d < documents; d++) {
      const used = this.occupants[d].used;
      for (let row = 0; row < rows; row++) {
        let source = (d * rows + row) * 2 * inner;
        for (let h = 0; h < heads; h++) {
          const target = ((d * heads + h) * slots + used + row) * dKv;
          for (let i = 0; i < dKv; i++) {
            key[target + i] = fresh[source + i];
            value[target + i] = fresh[source + inner + i];
          }
          source += dKv;
        }
      }
    }
  }

  /** The step's tokens become the past; row r goes on from what row parents[r] was. */
  commit(document: number, parents: Int32Array | null): void {
    const occupant = this.occupants[document];
    const { used, time } = occupant;
    if (occupant.paths[0].length <= time) occupant.paths = occupant.paths.map(twiceAsLong);
    const { paths } = occupant;
    for (let row = 0; row < this.rows; row++) paths[row][time] = used + row;
    if (parents) {
      const before = paths.map((path) => path.slice(0, time + 1));
      for (let row = 0; row < this.rows; row++) paths[row].set(before[parents[row]]);
    }
    occupant.time = time + 1;
    occupant.used = used + this.rows;
  }

  /** Moves the slots that some row descends from to the front; returns how many there are. */
  private squeeze(document: number): number {
    const occupant = this.occupants[document];
    if (this.rows === 1) return occupant.used;
    const target = new Int32Array(occupant.used).fill(-1);
    for (const path of occupant.paths)
      for (let position = 0; position < occupant.time; position++) target[path[position]] = 0;
    let live = 0;
    for (let slot = 0; slot < occupant.used; slot++) if (target[slot] === 0) target[slot] = live++;
    if (live === occupant.used) return live;
    const { heads, slots, dKv } = this;
    for (const plane of [...this.keys, ...this.values]) {
      for (let h = 0; h < heads; h++) {
        const base = (document * heads + h) * slots;
        for (let slot = 0; slot < occupant.used; slot++) {
          const to = target[slot];
          if (to >= 0 && to !== slot) plane.copyWithin((base + to) * dKv, (base + slot) * dKv, (base + slot + 1) * dKv);
        }
      }
    }
    for (const path of occupant.paths)
      for (let position = 0; position < occupant.time; position++) path[position] = target[path[position]];
    occupant.used = live;
    return live;
  }

  /** Widens every document's part to `slots`, in place while the memory suffices: fresh pages cost more than the copy. */
  private resize(slots: number, documents: number): void {
    const { heads, dKv } = this;
    const block = slots * dKv;
    const oldBlock = this.slots * dKv;
    const needed = this.documents * heads * block;
    const widen = (plane: Float32Array): Float32Array => {
      if (plane.length < needed) {
        const larger = new Float32Array(Math.max(needed, Math.min(2 * plane.length, this.largest())));
        for (let i = 0; i < documents * heads; i++) {
          larger.set(plane.subarray(i * oldBlock, (i + 1) * oldBlock), i * block);
        }
        return larger;
      }
      // From the last block to the first: none is overwritten before it has moved. What lies behind a block stays finite, which is all it must.
      for (let i = documents * heads - 1; i > 0; i--) plane.copyWithin(i * block, i * oldBlock, (i + 1) * oldBlock);
      return plane;
    };
    this.keys = this.keys.map(widen);
    this.values = this.values.map(widen);
    this.slots = slots;
  }

  private largest(): number {
    return this.documents * this.heads * this.dKv * (this.maxTime * this.rows + GROWTH);
  }

  /** Ready for a new batch; the memory is kept. */
  reset(): void {
    for (let document = 0; document < this.documents; document++) this.clear(document);
    this.slots = GROWTH;
  }

  /** Whether a batch of this size fits. */
  holds(documents: number, rows: number, maxTime: number): boolean {
    return documents <= this.documents && rows === this.rows && maxTime <= this.maxTime;
  }
}

function twiceAsLong(path: Int32Array): Int32Array {
  const longer = new Int32Array(2 * path.length);
  longer.set(path);
  return longer;
}
