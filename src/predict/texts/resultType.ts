import { Bool, type DataType, Field, Float64, Int32, List, Struct, Utf8 } from 'apache-arrow';

/** What a function over texts may return, by the names that Spark uses. */
export type ResultType = 'string' | 'string[]' | 'struct' | 'double[]';
export const RESULT_TYPES: readonly ResultType[] = ['string', 'string[]', 'struct', 'double[]'];

/** The columns of a worker's answer. The last two are there only if a text of the batch failed or was cut. */
export const RESULT_COLUMN = 'result';
export const ERROR_COLUMN = 'error';
export const TRUNCATED_COLUMN = 'truncated';

/** Why a row failed, without a word of the row itself. */
export const ERROR_TYPE = new Struct([new Field('code', new Utf8(), false), new Field('message', new Utf8(), false)]);

const DETAILS = new Struct([
  new Field('summary', new Utf8(), true),
  new Field('input_tokens', new Int32(), true),
  new Field('output_tokens', new Int32(), true),
  new Field('truncated', new Bool(), true),
  new Field('finish_reason', new Utf8(), true),
  new Field('score', new Float64(), true),
  new Field('chunks', new Int32(), true),
  new Field('error', ERROR_TYPE, true),
]);

const TYPES: Readonly<Record<ResultType, DataType>> = {
  string: new Utf8(),
  'string[]': new List(new Field('item', new Utf8(), false)),
  struct: DETAILS,
  'double[]': new List(new Field('item', new Float64(), false)),
};

export function arrowType(resultType: ResultType): DataType {
  return TYPES[resultType];
}
