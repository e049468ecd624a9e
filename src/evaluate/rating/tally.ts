import type { KeyPair, SheetKey } from './key.js';
import { signTest, wilson } from './signTest.js';
import { type Agreement, COMPARED_METRICS, type RatedPair, type RatedRow, type Ratings, REFERENCE } from './types.js';

export interface Rating {
  readonly pair: KeyPair;
  /** Of the better summary in the sheet; null for a tie. */
  readonly place: 0 | 1 | null;
  readonly comment: string;
}

export function ratingsOf(sheet: string, key: SheetKey, ratings: readonly Rating[]): Ratings {
  const names = [...key.candidates, REFERENCE];
  const rows = ratings.map((rating) => ratedRow(rating, names));
  const decided = ratings.filter(({ place }) => place !== null);
  return {
    sheet,
    rated: ratings.length,
    unrated: key.pairs.length - ratings.length,
    pairs: ratedPairs(rows, names),
    agreement: agreements(decided),
    firstBetter: wilson(decided.filter(({ place }) => place === 0).length, decided.length),
    rows,
  };
}

/** `one` is the candidate that was named first; the reference comes last. */
function ratedRow({ pair: { id, row, sides }, place, comment }: Rating, names: readonly string[]): RatedRow {
  const shown = sides.map((side) => side ?? REFERENCE);
  const [one, other] = [...shown].sort((a, b) => names.indexOf(a) - names.indexOf(b));
  return { id, row, one, other, better: place === null ? null : shown[place], comment };
}

function ratedPairs(rows: readonly RatedRow[], names: readonly string[]): RatedPair[] {
  return names.flatMap((one, i) =>
    names.slice(i + 1).flatMap((other) => {
      const ofPair = rows.filter((row) => row.one === one && row.other === other);
      if (ofPair.length === 0) return [];
      const count = (better: string | null) => ofPair.filter((row) => row.better === better).length;
      const [wins, losses] = [count(one), count(other)];
      return [
        {
          one,
          other,
          wins,
          losses,
          ties: count(null),
          p: signTest(wins, losses),
          winShare: wilson(wins, wins + losses),
        },
      ];
    }),
  );
}

function agreements(decided: readonly Rating[]): Agreement[] {
  return COMPARED_METRICS.flatMap((metric) => {
    const preferred = decided.flatMap(({ pair, place }) => {
      const [first, second] = pair.scores[metric] ?? [0, 0];
      return first === second ? [] : [(first > second ? 0 : 1) === place];
    });
    const share = wilson(preferred.filter(Boolean).length, preferred.length);
    return share === null ? [] : [{ metric, ...share }];
  });
}
