import {
  Bool,
  DateDay,
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  type RecordBatch,
  Table,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { DOCUMENTS } from './documents.js';

/** The documents as a table with columns of the kinds that real ones have, which all have to come through unchanged. */
export function sampleTable(): RecordBatch {
  const texts = DOCUMENTS.map(({ document }) => document.replace(/\s+/g, ' '));
  const column = <T>(values: (one: (typeof DOCUMENTS)[number], i: number) => T) => DOCUMENTS.map(values);
  const columns = {
    id: vectorFromArray(
      column((_, i) => BigInt(1000 + i)),
      new Int64(),
    ),
    title: vectorFromArray(
      column(({ title }) => title),
      new Utf8(),
    ),
    document: vectorFromArray(texts, new Utf8()),
    kind: vectorFromArray(
      column(({ kind }) => kind),
      new Dictionary(new Utf8(), new Int32()),
    ),
    day: vectorFromArray(
      column(({ day }) => new Date(`2025-${day}T00:00:00Z`)),
      new DateDay(),
    ),
    tags: vectorFromArray(
      column(({ tags }) => tags),
      new List(new Field('item', new Utf8(), true)),
    ),
    words: vectorFromArray(
      texts.map((text) => text.split(' ').length),
      new Int32(),
    ),
    rating: vectorFromArray(
      column(({ rating }) => rating),
      new Float64(),
    ),
    answered: vectorFromArray(
      column(({ kind, rating }) => (kind === 'support' ? (rating ?? 0) > 2 : null)),
      new Bool(),
    ),
  };
  return new Table(columns).batches[0];
}
