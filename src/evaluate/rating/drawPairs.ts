import { createRandom, type Random } from '../../engine/search/random.js';
import { PrecisError } from '../../errors.js';
import type { Evaluation } from '../types.js';
import type { SheetOptions, Two } from './types.js';

/** A row and two candidates by their number, the reference being null. */
export interface DrawnPair {
  readonly id: string;
  /** In the evaluation's lists. */
  readonly index: number;
  /** In the order of the sheet. */
  readonly sides: Two<number | null>;
}

export interface Drawn {
  readonly pairs: readonly DrawnPair[];
  readonly identical: number;
}

/** Neither vowels nor digits: no id is a word, a number or a date. */
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const ID_LENGTH = 6;

/** Blind pairs: every two candidates have as many as any others, and each stands first in half of its own. */
export function drawPairs(evaluation: Evaluation, { count, seed }: SheetOptions): Drawn {
  const random = createRandom(seed, Int32Array.of(), 0);
  const opponents = allOpponents(evaluation).map((sides) => ({
    sides,
    flip: random() < 0.5,
    ...usable(evaluation, sides),
  }));
  const identical = opponents.reduce((sum, each) => sum + each.identical, 0);
  for (const { rows } of opponents) shuffle(rows, random);
  // Whoever is dealt to first may get one row more.
  shuffle(opponents, random);
  const dealt: { index: number; sides: Two<number | null> }[] = [];
  const most = opponents.reduce((longest, { rows }) => Math.max(longest, rows.length), 0);
  for (let round = 0; round < most; round++) {
    for (const { sides, flip, rows } of opponents) {
      if (round >= rows.length || dealt.length === count) continue;
      const [one, other] = sides;
      dealt.push({ index: rows[round], sides: flip === (round % 2 === 0) ? [other, one] : [one, other] });
    }
  }
  if (dealt.length === 0) {
    throw new PrecisError('input', {
      found: `no row has two different summaries${identical > 0 ? ` (the same twice: ${identical})` : ''}`,
      expected: 'at least one pair that a person can rate',
    });
  }
  // Without this, who knows the order of the draw would know who stands first.
  shuffle(dealt, random);
  const ids = new Set<string>();
  while (ids.size < dealt.length) ids.add(randomId(random));
  const named = [...ids];
  return { pairs: dealt.map((pair, place) => ({ id: named[place], ...pair })), identical };
}

function allOpponents({ candidates, referenceColumn }: Evaluation): Two<number | null>[] {
  if (candidates.length === 1) {
    if (referenceColumn !== null) return [[0, null]];
    throw new PrecisError('usage', {
      found: 'one candidate and no references',
      expected: 'two summaries of a row for a person to compare',
      action: 'name a column of references, or a second model or output',
    });
  }
  return candidates.flatMap((_, one) => candidates.slice(one + 1).map((_, i): Two<number> => [one, one + 1 + i]));
}

function usable(evaluation: Evaluation, [one, other]: Two<number | null>): { rows: number[]; identical: number } {
  const rows: number[] = [];
  let identical = 0;
  for (const [index, { source }] of evaluation.texts.entries()) {
    const texts = [summaryOf(evaluation, index, one), summaryOf(evaluation, index, other)];
    if (source === null || texts.includes(null)) continue;
    if (texts[0] === texts[1]) identical++;
    else rows.push(index);
  }
  return { rows, identical };
}

export function summaryOf({ texts, candidates }: Evaluation, index: number, side: number | null): string | null {
  return side === null ? texts[index].reference : candidates[side].rows[index].summary;
}

function shuffle(items: unknown[], random: Random): void {
  for (let left = items.length - 1; left > 0; left--) {
    const chosen = Math.floor(random() * (left + 1));
    [items[left], items[chosen]] = [items[chosen], items[left]];
  }
}

function randomId(random: Random): string {
  return Array.from({ length: ID_LENGTH }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
}
