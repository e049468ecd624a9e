/** Copies bits, least significant first, into a target whose bits from there on are still zero. */
export function copyBits(source: Uint8Array, from: number, target: Uint8Array, to: number, length: number): void {
  let done = 0;
  const single = (count: number) => {
    for (const end = Math.min(length, done + count); done < end; done++) {
      const at = from + done;
      if (source[at >> 3] & (1 << (at & 7))) target[(to + done) >> 3] |= 1 << ((to + done) & 7);
    }
  };
  single((8 - (to & 7)) & 7);
  const shift = (from + done) & 7;
  for (; done + 8 <= length; done += 8) {
    const at = (from + done) >> 3;
    target[(to + done) >> 3] = shift === 0 ? source[at] : (source[at] >> shift) | (source[at + 1] << (8 - shift));
  }
  single(8);
}

export function setBits(target: Uint8Array, from: number, length: number): void {
  let at = from;
  const end = from + length;
  for (; at < end && (at & 7) !== 0; at++) target[at >> 3] |= 1 << (at & 7);
  const whole = (end - at) >> 3;
  target.fill(255, at >> 3, (at >> 3) + whole);
  for (at += whole * 8; at < end; at++) target[at >> 3] |= 1 << (at & 7);
}

/** Rounded up to what Arrow pads its buffers to, so that writing needs no copy. */
export function bitmapBytes(bits: number): number {
  return ((bits + 63) >> 6) << 3;
}
