import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from '../../src/index.js';
import { classifyAccuracy, extractAccuracy, titleRougeL } from './answers.js';
import { pairsByGenre, somePairs, TICKETS } from './pairs.js';
import { SHOWN, type Summarized, summarized } from './summaries.js';

const BASELINES = ['builtin:lead-3', 'builtin:textrank'] as const;

export interface ScoresOptions {
  /** Documents of each genre to summarize. */
  readonly documents: number;
  /** Questions of each kind: labels, fields, titles. */
  readonly questions: number;
  readonly progress: (line: string) => void;
}

/** All tables of the model card, as markdown. */
export async function scoresReport(folder: string, options: ScoresOptions): Promise<string> {
  const sha256 = createHash('sha256').update(readFileSync(join(folder, 'model.safetensors')));
  const parts = [
    `Weights ${sha256.digest('hex').slice(0, 12)}, ${options.documents} documents of each genre; the model with its own settings.`,
    await summaryTables(folder, options),
    await answerTable(folder, options),
  ];
  return parts.join('\n\n');
}

async function summaryTables(folder: string, { documents, progress }: ScoresOptions): Promise<string> {
  const sets = {
    trained: pairsByGenre('test', 'summarize', documents),
    unseen: pairsByGenre('unseen', 'summarize', documents),
  };
  const rows: string[][] = [];
  const precisions: string[][] = [];
  for (const [name, pairs] of Object.entries(sets)) {
    const run = async (uri: string, precision?: 'int8' | 'fp32') => {
      progress(`${name} genres: ${uri}${precision === undefined ? '' : ` in ${precision}`}`);
      return await summarized(uri, { precision }, pairs);
    };
    const [int8, fp32] = [await run(folder, 'int8'), await run(folder, 'fp32')];
    const baselines = [];
    for (const uri of BASELINES) baselines.push(await run(uri));
    for (const genre of pairs.keys()) rows.push([genre, ...scoresOf(int8, baselines, genre)]);
    rows.push([`**all ${name} genres**`, ...scoresOf(int8, baselines)]);
    precisions.push(...precisionRows(name, int8, fp32));
  }
  return [
    table(['genre', 'ROUGE-1', 'ROUGE-2', 'ROUGE-L', 'lead-3', 'textrank', 'above the better', 'faithful'], rows),
    '`lead-3` and `textrank` are ROUGE-L of the baselines; faithful is the share of numbers, dates and codes in the summaries that the documents have.',
    table(['', ...SHOWN.map((metric) => NAMES[metric])], precisions),
  ].join('\n\n');
}

const NAMES = { rouge1: 'ROUGE-1', rouge2: 'ROUGE-2', rougeL: 'ROUGE-L', faithful: 'faithful' } as const;

function scoresOf(model: Summarized, baselines: readonly Summarized[], genre?: string): string[] {
  const of = (one: Summarized) => (genre === undefined ? one.all : one.genres.get(genre)!);
  const found = of(model);
  const bars = baselines.map((one) => of(one).rougeL);
  const above = found.rougeL - Math.max(...bars);
  return [
    ...[found.rouge1, found.rouge2, found.rougeL, ...bars].map(points),
    `${above < 0 ? '-' : '+'}${points(Math.abs(above))}`,
    percent(found.faithful),
  ];
}

function precisionRows(name: string, int8: Summarized, fp32: Summarized): string[][] {
  const cells = ({ all }: Summarized) => SHOWN.map((metric) => points(all[metric]));
  const lost = SHOWN.map((metric) => (100 * (fp32.all[metric] - int8.all[metric])).toFixed(2));
  return [
    [`${name}, fp32`, ...cells(fp32)],
    [`${name}, int8`, ...cells(int8)],
    [`${name}, lost by int8 (points of 100)`, ...lost],
  ];
}

async function answerTable(folder: string, { questions, progress }: ScoresOptions): Promise<string> {
  const model = await loadModel(folder);
  const rows: string[][] = [];
  const add = async (told: string, measure: () => Promise<number>, show: (share: number) => string) => {
    progress(told);
    rows.push([told, String(questions), show(await measure())]);
  };
  try {
    const of = (task: 'classify' | 'extract' | 'title', genre?: string) => somePairs('test', task, questions, genre);
    await add('label of a ticket', () => classifyAccuracy(model, of('classify', TICKETS)), percent);
    await add('label, all trained genres', () => classifyAccuracy(model, of('classify')), percent);
    const unseenLabels = somePairs('unseen', 'classify', questions);
    await add('label, unseen genres', () => classifyAccuracy(model, unseenLabels), percent);
    await add('field of a ticket, exactly', () => extractAccuracy(model, of('extract', TICKETS)), percent);
    await add('field, all trained genres, exactly', () => extractAccuracy(model, of('extract')), percent);
    const unseenFields = somePairs('unseen', 'extract', questions);
    await add('field, unseen genres, exactly', () => extractAccuracy(model, unseenFields), percent);
    await add('title, all trained genres, ROUGE-L', () => titleRougeL(model, of('title')), points);
  } finally {
    await model.close();
  }
  return table([`asked (${model.precision})`, 'texts', 'right'], rows);
}

const points = (share: number): string => share.toFixed(3);
/** No summary of a few may have a number at all. */
const percent = (share: number): string => (Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)}%`);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}
