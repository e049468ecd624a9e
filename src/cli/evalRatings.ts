import type { Agreement, RatedPair, Ratings, Share } from '../evaluate/rating/types.js';
import { print } from './io.js';
import { count } from './progress.js';

/** What a person made of a sheet. */
export async function printRatings(file: string, json: boolean): Promise<void> {
  const { readSheet } = await import('../evaluate/rating/readSheet.js');
  const ratings = await readSheet(file);
  print(json ? `${JSON.stringify(ratingsRecord(ratings))}\n` : ratingsText(ratings));
}

function ratingsRecord({ sheet, rated, unrated, pairs, agreement, firstBetter, rows }: Ratings): object {
  return {
    sheet,
    rated,
    unrated,
    pairs: pairs.map(({ winShare, ...pair }) => ({ ...pair, win_share: winShare })),
    agreement,
    first_better: firstBetter,
    rows,
  };
}

function ratingsText({ sheet, rated, unrated, pairs, agreement, firstBetter }: Ratings): string {
  const left = unrated === 0 ? '' : `, ${count(unrated)} without a rating`;
  const lines = [
    `sheet       ${sheet}: ${rated === 1 ? '1 pair' : `${count(rated)} pairs`} rated${left}`,
    ...pairs.map((pair) => `pair        ${pairText(pair)}`),
    ...agreement.map((one) => `agreement   ${agreementText(one)}`),
  ];
  if (firstBetter) lines.push(`place       summary_1 was preferred in ${share(firstBetter)}, whatever it was`);
  return `${lines.join('\n')}\n`;
}

function pairText({ one, other, wins, losses, ties, winShare, p }: RatedPair): string {
  const counts = `${one} against ${other}: better in ${count(wins)}, worse in ${count(losses)}, neither in ${count(ties)}`;
  if (winShare === null || p === null) return counts;
  return `${counts}; preferred in ${share(winShare)}, p ${p < 0.001 ? '< 0.001' : p.toFixed(3)}${p < 0.05 ? ' *' : ''}`;
}

function agreementText({ metric, ...of }: Agreement): string {
  return `${metric} prefers the same in ${share(of)}`;
}

/** With its 95% interval. */
function share({ share: value, low, high, of }: Share): string {
  const percent = (one: number) => `${Math.round(one * 100)}%`;
  return `${percent(value)} of ${count(of)} (${percent(low)} to ${percent(high)})`;
}
