import { scoreRow } from '../../src/evaluate/scoreRow.js';
import { type GenerationOptions, type LoadOptions, loadModel } from '../../src/index.js';
import type { Pair } from '../corpus/pairs.js';

/** The metrics of the card, F1 in the case of ROUGE. */
export const SHOWN = ['rouge1', 'rouge2', 'rougeL', 'faithful'] as const;

/** Means over the rows that have a value. */
export type Means = Readonly<Record<(typeof SHOWN)[number], number>>;

export interface Summarized {
  /** By genre, in the order of the documents. */
  readonly genres: ReadonlyMap<string, Means>;
  readonly all: Means;
}

type Row = Readonly<Record<(typeof SHOWN)[number], number | null>>;

/** What a model makes of the documents, with its own settings unless others are given, held against their summaries. */
export async function summarized(
  uri: string,
  load: LoadOptions,
  pairs: ReadonlyMap<string, readonly Pair[]>,
  search: GenerationOptions = {},
): Promise<Summarized> {
  const model = await loadModel(uri, load);
  try {
    const all = [...pairs.values()].flat();
    const sources = all.map(({ source }) => source.replace(/^summarize: /, ''));
    const { results } = await model.generateTexts(sources, search);
    const rows = all.map(({ target }, row) =>
      scoreRow({ source: sources[row], summary: results[row].text, reference: target }),
    );
    const genres = [...pairs.keys()].map(
      (name) => [name, means(rows.filter((_, row) => all[row].genre === name))] as const,
    );
    return { genres: new Map(genres), all: means(rows) };
  } finally {
    await model.close();
  }
}

function means(rows: readonly Row[]): Means {
  return Object.fromEntries(
    SHOWN.map((metric) => [metric, mean(rows.map((row) => row[metric]).filter((value) => value !== null))]),
  ) as Means;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
