/** A summary beside what it is judged by. */
export interface Judged {
  readonly source: string;
  readonly summary: string;
  /** Null where the row has none, or no column of references was named. */
  readonly reference: string | null;
}

/** What is measured of every row, by its column in `--out`. All but words and tokens lie between 0 and 1. */
export const METRICS = [
  /** F1 against the reference, with stemming, as Google's rouge_score computes it. */
  'rouge1',
  'rouge2',
  'rougeL',
  'rougeLsum',
  /** The share of the summary's numbers, dates and codes that the source has; null if it has none. */
  'faithful',
  /** The share of its names that the source has; null if it has none. */
  'faithfulNames',
  /** The share of its 3-grams that are in the source, and what is left of its 1-grams. */
  'copied',
  'novelty',
  /** The share of its 3-grams that came before in the summary itself. */
  'repeated',
  'words',
  /** Words of the summary for each word of the source. */
  'compression',
  /** The expected answer of a judge, from 0 (bad) to 1 (good); see judge.ts. */
  'judge',
] as const;

export type Metric = (typeof METRICS)[number];

/** Null where a metric cannot be told for the row. */
export type RowScores = Readonly<Record<Metric, number | null>>;

/** A mean with the interval that 95% of its bootstrap samples lie in. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** How many rows had a value. */
  readonly rows: number;
}

/** Row by row, `one` less `other`: of rows where both have a value. */
export interface Difference extends Estimate {
  /** Two-sided, by a paired bootstrap; differences below 0.05 are marked. */
  readonly p: number;
}

/** What a model cost beside its quality; null where the outputs were stored and nothing ran. */
export interface Cost {
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In the user's currency, if a price of 1,000 tokens was given. */
  readonly price: number | null;
}

export interface EvaluatedRow {
  /** In the table, from 0. */
  readonly row: number;
  /** Null if the text was null or the row failed. */
  readonly summary: string | null;
  readonly error: string | null;
  readonly scores: RowScores | null;
}

/** A model over all rows, or a stored output. */
export interface Candidate {
  /** Unique in the evaluation: the model's URI, or the file's name. */
  readonly name: string;
  readonly kind: 'model' | 'output';
  readonly precision: string | null;
  readonly cost: Cost | null;
  readonly rows: readonly EvaluatedRow[];
  readonly estimates: Readonly<Partial<Record<Metric, Estimate>>>;
  /** Against the first candidate, which has none. */
  readonly differences: Readonly<Partial<Record<Metric, Difference>>> | null;
}

export interface EvaluatedText {
  readonly source: string | null;
  readonly reference: string | null;
}

/** All that the table, the JSON, `--out` and the HTML report are made from. */
export interface Evaluation {
  readonly input: string;
  readonly textColumn: string;
  readonly referenceColumn: string | null;
  readonly texts: readonly EvaluatedText[];
  readonly candidates: readonly Candidate[];
  /** What candidates are ranked by: rougeL with references, otherwise judge, otherwise faithful. */
  readonly ranking: Metric;
  readonly seed: number;
  readonly machine: string;
  readonly date: string;
}
