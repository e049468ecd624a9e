const MAGIC = 0x184d2204;
const MOST_OUTPUT = 2 ** 32 - 1;

/**
 * Unpacks an LZ4 frame, which is how Feather files are compressed by default. Checksums are stepped over: Arrow's writers
 * leave them out. Blocks may refer back into the ones before them.
 */
export function decompressLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new Error('a body that is no LZ4 frame');
  const flags = view.getUint8(4);
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasSize = (flags & 0x08) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  if (flags >> 6 !== 1 || hasDictionary) throw new Error('an LZ4 frame of an unknown kind');
  const blockBytes = 1 << (8 + 2 * ((view.getUint8(5) >> 4) & 7));
  let at = 6 + (hasSize ? 8 : 0) + 1;
  const size = hasSize ? Number(view.getBigUint64(6, true)) : 0;
  if (size > MOST_OUTPUT) throw new Error(`an LZ4 frame of ${size} bytes`);
  // A byte of LZ4 makes at most 255: a size beyond that is a lie, and takes no memory here.
  const output = new Output(Math.min(hasSize ? size : 4 * frame.length, 256 * frame.length));
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const length = word & 0x7fffffff;
    const block = frame.subarray(at, at + length);
    if (block.length < length) throw new Error('an LZ4 block that is cut off');
    output.reserve(blockBytes);
    if (word >>> 31) output.copy(block, 0, length);
    else decompressBlock(block, output);
    at += length + (hasBlockChecksum ? 4 : 0);
  }
  return output.taken();
}

/** What was unpacked so far; matches are copied from it. */
class Output {
  private bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.length + more, Math.min(2 * this.bytes.length, MOST_OUTPUT)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  copy(source: Uint8Array, from: number, length: number): void {
    this.reserve(length);
    this.bytes.set(source.subarray(from, from + length), this.length);
    this.length += length;
  }

  /** A match may overlap what it makes: byte by byte is then the meaning. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.length) throw new Error('an LZ4 match before the beginning');
    this.reserve(length);
    const start = this.length - distance;
    if (distance >= length) this.bytes.copyWithin(this.length, start, start + length);
    else for (let i = 0; i < length; i++) this.bytes[this.length + i] = this.bytes[start + i];
    this.length += length;
  }

  taken(): Uint8Array {
    return this.length === this.bytes.length ? this.bytes : this.bytes.slice(0, this.length);
  }
}

function decompressBlock(block: Uint8Array, output: Output): void {
  let at = 0;
  const byte = () => {
    if (at >= block.length) throw new Error('an LZ4 block that ends too early');
    return block[at++];
  };
  const longer = (length: number) => {
    let total = length;
    for (let more = length === 15 ? 255 : 0; more === 255; ) total += more = byte();
    return total;
  };
  while (at < block.length) {
    const token = byte();
    const literals = longer(token >> 4);
    if (at + literals > block.length) throw new Error('an LZ4 block that ends too early');
    output.copy(block, at, literals);
    at += literals;
    if (at === block.length) return;
    const distance = byte() | (byte() << 8);
    output.repeat(distance, longer(token & 15) + 4);
  }
}
