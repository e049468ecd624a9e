import { Field, Schema, Utf8 } from 'apache-arrow';
import { documentOf } from '../../scripts/corpus/documents.js';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { EvaluatedText, Evaluation } from '../../src/evaluate/types.js';
import { tableFromRows } from '../../src/table/open.js';

const SCHEMA = new Schema([new Field('document', new Utf8(), true), new Field('summary', new Utf8(), true)]);

/** Short documents of the test split with their references. */
export function corpusTexts(count: number): EvaluatedText[] {
  return Array.from({ length: count }, (_, number) => {
    const { text, summary } = documentOf('test', number, 1, { least: 60, most: 250 });
    return { source: text, reference: summary };
  });
}

/** What the models without weights make of the texts. */
export async function sampleEvaluation(texts: readonly EvaluatedText[]): Promise<Evaluation> {
  const table = tableFromRows(
    texts.map(({ source, reference }) => ({ document: source, summary: reference })),
    SCHEMA,
  );
  const evaluation = await evaluate(table, {
    text: 'document',
    reference: 'summary',
    models: ['builtin:lead-3', 'builtin:lead-1', 'builtin:textrank'],
    modelOptions: { isolation: 'thread', workers: 1 },
  });
  // Halves of surrogate pairs do not survive a table of UTF-8; the page must.
  return { ...evaluation, texts };
}
