import { beforeAll, describe, expect, it } from 'vitest';
import { faithful } from '../../src/evaluate/measures/faithful.js';
import { chooseRows } from '../../src/evaluate/report/chosenRows.js';
import { markedText } from '../../src/evaluate/report/marks.js';
import { renderReport } from '../../src/evaluate/report/report.js';
import type { Candidate, Evaluation, RowScores } from '../../src/evaluate/types.js';
import { attack, HOSTILE } from './hostileTexts.js';
import { corpusTexts, sampleEvaluation } from './sampleEvaluation.js';

const TEXTS = corpusTexts(60);
let sample: Evaluation;
beforeAll(async () => {
  sample = await sampleEvaluation(TEXTS);
});

const count = (page: string, part: string | RegExp) => page.split(part).length - 1;

/** The sample's rows with other scores, one list a candidate. */
function scored(metric: keyof RowScores, ...scores: (number | null)[][]): Evaluation {
  const candidates = scores.map((values, i): Candidate => {
    const { rows, ...candidate } = sample.candidates[i];
    return {
      ...candidate,
      rows: values.map((value, row) => ({ ...rows[row], scores: { ...rows[row].scores!, [metric]: value } })),
    };
  });
  return { ...sample, ranking: metric, texts: TEXTS.slice(0, scores[0].length), candidates };
}

describe('the rows that are shown', () => {
  it('are ranked by the first candidate and by what is between candidates; of equals the earlier comes first', () => {
    const chosen = chooseRows(
      scored('rougeL', [0.5, null, 0.9, 0.5, 0.1], [0.5, 1, 0.2, 0.4, null], [0.6, 0, 0.9, 0.5, 0.3]),
    );
    expect(chosen).toEqual({ best: [2, 0, 3, 4], worst: [4, 0, 3, 2], different: [1, 2, 4, 0, 3], failed: [] });
  });

  it('are twenty of each, and rows that are all alike are not different', () => {
    const rising = TEXTS.map((_, row) => row / 100);
    const chosen = chooseRows(scored('judge', rising, rising.with(7, 0.9)));
    expect(chosen.best).toEqual(Array.from({ length: 20 }, (_, i) => 59 - i));
    expect(chosen.worst).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(chosen.different).toEqual([7]);
  });

  it('of one candidate are not different', () => {
    const page = renderReport({ ...sample, candidates: sample.candidates.slice(0, 1) });
    expect(count(page, '<article')).toBe(40);
    expect(page).not.toContain('most different');
    expect(page).not.toContain('▲');
  });

  it('have a section of their own where a summary is missing', () => {
    const rows = sample.candidates[1].rows.map((row) =>
      row.row % 2 ? { ...row, summary: null, scores: null, error: 'out of memory' } : row,
    );
    const page = renderReport({ ...sample, candidates: [sample.candidates[0], { ...sample.candidates[1], rows }] });
    expect(page).toContain('30 rows without a summary');
    expect(page).toContain('the first 20 are shown');
    expect(page).toContain('<strong>Error:</strong> <bdi>out of memory</bdi>');
    expect(page).toContain('<td>30 of 60</td>');
  });
});

describe('words that the source does not have', () => {
  const source = 'On 3 May 2024 pump KX-4471 lost 1,250 litres at 12:30; Dr. Lee called it "over-heated". 二号泵。';

  it.each<[string, string]>([
    ['Pump KX-4471 lost 1,250 litres.', 'Pump KX-4471 lost 1,250 litres.'],
    ['Lee lost 1250 litres on 2024-05-03', 'Lee lost (1250) litres on (2024-05-03)'],
    ['PUMP KX-4472 lost "1,260", $7.', 'PUMP [KX-4472] lost "[1,260]", [$7].'],
    ['at 12:40 and 30', 'at [12:40] (and) [30]'],
    ['Seven were sent on 4 May 2024.', '[Seven] (were) (sent) on [4 May 2024].'],
    ['Lost 2 million litres by the 3rd of June', 'Lost [2 million] litres (by) (the) [3rd of June]'],
    ['The pump overheated', '(The) pump (overheated)'],
    ['一号泵', '(一)号泵'],
    ['二号泵在2019年', '二号泵(在)[2019](年)'],
    ['', ''],
  ])('%j', (summary, expected) => {
    const marked = markedText(summary, source);
    const plain = marked.markup.text
      .replace(/<span class="said">.*?<\/span>/g, '')
      .replace(/<mark class="fact">(.*?)<\/mark>/g, '[$1]')
      .replace(/<mark class="word">(.*?)<\/mark>/g, '($1)')
      .replaceAll('&quot;', '"');
    expect({ plain, facts: marked.facts }).toEqual({ plain: expected, facts: expected.split('[').length - 1 });
  });

  it('have a frame exactly where the metric finds fault', () => {
    for (const { source, reference } of TEXTS) {
      for (const [digit, wrong] of ['17', '49', '58']) {
        const summary = reference!.replaceAll(digit, wrong);
        expect([summary, markedText(summary, source!).facts > 0]).toEqual([
          summary,
          (faithful(source!, summary) ?? 1) < 1,
        ]);
      }
    }
  });

  it('are said and not only coloured', () => {
    expect(markedText('KX-1', source).markup.text).toContain('(not in the source)');
  });
});

describe('the page', () => {
  it('names input, columns, rows, date, machine and metric, and every candidate', () => {
    const page = renderReport(sample);
    for (const part of [sample.input, sample.date, sample.machine, 'ROUGE-L', 'document', 'summary']) {
      expect(page).toContain(`<bdi>${part}</bdi>`);
    }
    for (const { name } of sample.candidates) expect(page).toContain(`<bdi>${name}</bdi>`);
    expect(count(page, '<article')).toBe(60);
  });

  it('marks what is significant in signs and words, and explains them', () => {
    const [first, second] = sample.candidates;
    const estimate = { mean: 0.1, low: 0.05, high: 0.15, rows: 60 };
    const differences = {
      rouge1: { ...estimate, p: 0.004 },
      rouge2: { ...estimate, mean: -0.1, p: 0.0002 },
      rougeL: { ...estimate, p: 0.05 },
    };
    const page = renderReport({ ...sample, candidates: [first, { ...second, differences }] });
    expect(page).toContain(
      '+0.100 <span aria-hidden="true">▲</span><span class="said">significantly higher, p 0.004</span>',
    );
    expect(page).toContain(
      '−0.100 <span aria-hidden="true">▼</span><span class="said">significantly lower, p below 0.001</span>',
    );
    expect(page).toContain('+0.100 <span class="said">not significant</span>');
    expect(page).toContain('paired bootstrap, p below 0.05');
  });

  it('says who is ahead, and that nobody is where the figures are the same', () => {
    const [first, second] = sample.candidates;
    const of = (mean: number) => ({ ...second, estimates: { rougeL: { mean, low: mean, high: mean, rows: 60 } } });
    const said = (mean: number) =>
      renderReport({ ...sample, candidates: [{ ...of(0.5), name: first.name }, of(mean)] });
    expect(said(0.5001)).toContain('No candidate is ahead: the highest mean ROUGE-L is <strong>0.500</strong>');
    expect(said(0.6)).toContain(`<bdi>${second.name}</bdi> has the highest mean ROUGE-L: <strong>0.600</strong>`);
  });

  it('has one h1, no level left out, and tables whose cells have heads', () => {
    const page = renderReport(sample);
    const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([]);
    expect(page).toContain('<caption>');
    expect(page.match(/<th(?! scope="(?:col|row)")[\s>]/)).toBeNull();
    expect([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)).toHaveLength(
      new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)).size,
    );
  });

  it('refers to nothing outside itself', () => {
    const page = renderReport(sample);
    expect([...page.matchAll(/(?:src|href|action)="([^#][^"]*)"/g)]).toEqual([]);
    expect(page).not.toMatch(/url\(|@import|https?:/);
    expect(page).toContain("default-src 'none'");
  });

  it('can be written whatever the texts hold', async () => {
    const page = renderReport(attack(await sampleEvaluation([...TEXTS, ...HOSTILE])));
    expect(Buffer.from(page, 'utf8').toString('utf8')).toBe(page);
    expect(page).not.toContain('\u0000');
    expect(page).not.toMatch(/<img|<iframe|<b>/);
    expect(page).toContain('&lt;img src=x onerror=&quot;');
  });

  it('says where it cuts a text, and leaves no half of a pair', () => {
    const source = `${'x'.repeat(19_999)}\u{1f692} and so on`;
    const texts = [{ source, reference: 'short' }];
    const [first] = sample.candidates;
    const candidate = { ...first, rows: [{ ...first.rows[0], summary: 'y'.repeat(5_000) }] };
    const page = renderReport({ ...sample, texts, candidates: [candidate] });
    expect(page).toContain('cut here; 12 more characters not shown');
    expect(page).toContain('cut here; 1,000 more characters not shown');
    expect(page).not.toContain('\ufffd');
  });

  it.each(['judge', 'faithful'] as const)('without references ranks by %s', (metric) => {
    const scores = TEXTS.map((_, row) => (row % 3 === 0 ? null : row / 100));
    const { candidates, ...rest } = scored(
      metric,
      scores,
      scores.map((score) => score && 1 - score),
    );
    const estimates = { [metric]: { mean: 0.4, low: 0.35, high: 0.45, rows: 40 } };
    const page = renderReport({
      ...rest,
      referenceColumn: null,
      texts: TEXTS.map(({ source }) => ({ source, reference: null })),
      candidates: candidates.map((candidate) => ({ ...candidate, estimates, differences: null })),
    });
    const label = { judge: 'Judge', faithful: 'Faithful numbers' }[metric];
    expect(page).toContain(`<dt>Ranked by</dt><dd><bdi>${label}</bdi></dd>`);
    expect(page).toContain(`Highest ${label} of A`);
    expect(page).not.toContain('<h4>Reference</h4>');
    expect(page).toContain('of 40 rows');
  });

  it('stays small for 100,000 rows', () => {
    const repeated = <T>(items: readonly T[]) => Array.from({ length: 100_000 }, (_, i) => items[i % items.length]);
    const page = renderReport({
      ...sample,
      texts: repeated(sample.texts),
      candidates: sample.candidates.map((candidate) => ({
        ...candidate,
        rows: repeated(candidate.rows).map((row, i) => ({ ...row, row: i })),
      })),
    });
    expect(count(page, '<article')).toBe(60);
    expect(page.length).toBeLessThan(600_000);
  });

  it('is a page even of an empty table', () => {
    const candidates = sample.candidates.map((candidate) => ({
      ...candidate,
      rows: [],
      estimates: {},
      differences: null,
    }));
    const page = renderReport({ ...sample, texts: [], candidates });
    expect(page).toContain('no value');
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });
});
