import type { TextView } from '../../predict/texts/textView.js';
import type { Truth } from './logic.js';

/** A test of one row's bytes. */
export type TextTest = (bytes: Uint8Array, start: number, end: number) => boolean;

export function testTexts({ length, bytes, starts, ends }: TextView, test: TextTest): Truth {
  const truth = new Uint8Array(length);
  for (let row = 0; row < length; row++) truth[row] = test(bytes, starts[row], ends[row]) ? 1 : 0;
  return truth;
}

/** UTF-8 is in the order of its code points. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const shorter = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < shorter; i++) {
    const difference = a[aStart + i] - b[bStart + i];
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

export function containsTest(text: string): TextTest {
  const needle = Buffer.from(text);
  return (bytes, start, end) => {
    const row = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    return row.indexOf(needle) >= 0;
  };
}

const ANY_RUN = -1;
const ANY_ONE = -2;

/** `%` is any number of characters, `_` is one; everything else is itself, and case counts. */
export function likeTest(pattern: string): TextTest {
  const parts = [...pattern].flatMap((character) => {
    if (character === '%') return [ANY_RUN];
    return character === '_' ? [ANY_ONE] : [...Buffer.from(character)];
  });
  return (bytes, start, end) => matches(parts, bytes, start, end);
}

/** Only the last `%` that was met ever has to take more: what follows an earlier one was found as early as it can be. */
function matches(parts: readonly number[], bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  let part = 0;
  let runPart = -1;
  let runAt = 0;
  while (at < end) {
    if (parts[part] === ANY_RUN) {
      runPart = ++part;
      runAt = at;
    } else if (parts[part] === ANY_ONE) {
      part++;
      at = nextCharacter(bytes, at, end);
    } else if (parts[part] === bytes[at]) {
      part++;
      at++;
    } else if (runPart >= 0) {
      part = runPart;
      runAt = nextCharacter(bytes, runAt, end);
      at = runAt;
    } else {
      return false;
    }
  }
  while (parts[part] === ANY_RUN) part++;
  return part === parts.length;
}

function nextCharacter(bytes: Uint8Array, at: number, end: number): number {
  let next = at + 1;
  while (next < end && (bytes[next] & 0xc0) === 0x80) next++;
  return next;
}
