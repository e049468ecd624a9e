import { Field, makeData, RecordBatch, Schema, Struct, Utf8, vectorFromArray } from 'apache-arrow';

/** A batch of one text column, from a list of texts and nulls. */
export function textBatch(texts, name = 'text') {
  const { data } = vectorFromArray(texts, new Utf8());
  const schema = new Schema([new Field(name, new Utf8(), true)]);
  const struct = makeData({ type: new Struct(schema.fields), length: texts.length, children: [data[0]] });
  return new RecordBatch(schema, struct);
}

/** The texts of a batch's first column. */
export function textsOf(batch) {
  return Array.from(batch.getChildAt(0));
}
