import {
  Dictionary,
  Field,
  Int32,
  Int64,
  List,
  type RecordBatch,
  Struct,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { documentOf } from '../corpus/documents.js';
import { countWords, type Story } from '../corpus/story.js';

const ROWS = 200;
const FIRST_ID = 1001n;
const FIRST_DAY = Date.UTC(2026, 0, 5, 8);
const MINUTES_APART = 97;
/** Real tables have rows without a title. */
const UNTITLED = 10;

/** Documents of a split that no model was trained on, with columns of the kinds that real tables have, which all have to come through unchanged. */
export function sampleTable(): RecordBatch {
  const stories = Array.from({ length: ROWS }, (_, number) => documentOf('sample', number));
  const texts = (of: (story: Story, row: number) => string | null) => vectorFromArray(stories.map(of), new Utf8());
  const text = new Utf8();
  const pair = new Struct([new Field('name', text, false), new Field('value', text, false)]);
  const columns = {
    id: vectorFromArray(
      stories.map((_, row) => FIRST_ID + BigInt(row)),
      new Int64(),
    ),
    created: vectorFromArray(
      stories.map((_, row) => new Date(FIRST_DAY + row * MINUTES_APART * 60_000)),
      new TimestampMillisecond('UTC'),
    ),
    genre: vectorFromArray(
      stories.map(({ genre }) => genre),
      new Dictionary(text, new Int32()),
    ),
    title: texts(({ title }, row) => (row % UNTITLED === UNTITLED - 1 ? null : title)),
    document: texts((story) => story.text),
    reference: texts(({ summary }) => summary),
    words: vectorFromArray(
      stories.map((story) => countWords(story.text)),
      new Int32(),
    ),
    labels: vectorFromArray(
      stories.map(({ labels }) => Object.values(labels)),
      new List(new Field('item', text, true)),
    ),
    fields: vectorFromArray(
      stories.map(({ fields }) => Object.entries(fields).map(([name, value]) => ({ name, value }))),
      new List(new Field('item', pair, true)),
    ),
  };
  return new Table(columns).batches[0];
}
