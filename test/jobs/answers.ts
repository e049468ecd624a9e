import { createHash } from 'node:crypto';
import { type Data, type RecordBatch, type Struct, Utf8, vectorFromArray } from 'apache-arrow';
import type { Known } from '../../src/jobs/known.js';
import { detailsType } from '../../src/predict/detailed/details.js';
import { textView } from '../../src/predict/texts/textView.js';
import { concatBatches } from '../../src/table/columns.js';

export const TEXT_DETAILS = detailsType(new Utf8());

/** The texts of a column with every byte of them. */
export function textsOf(batch: RecordBatch, name: string): (string | null)[] {
  const { bytes, starts, ends, valid, length } = textView(concatBatches([batch]).getChild(name)!.data[0]);
  return Array.from({ length }, (_, row) =>
    valid && !valid[row] ? null : Buffer.from(bytes.subarray(starts[row], ends[row])).toString('utf8'),
  );
}

/** What the oracle's function makes of a text: another one for every text. */
export function answerOf(text: string | null): string | null {
  return text === null ? null : `${createHash('sha1').update(text).digest('hex')} 😀`;
}

export function detailsOf(values: readonly (string | null)[], truncated = false): Data<Struct> {
  const rows = values.map((value) => ({ value, error: null, input_tokens: 7, output_tokens: 3, truncated }));
  return vectorFromArray(rows, TEXT_DETAILS).data[0] as Data<Struct>;
}

/** The values of the rows that are known; undefined for the others. */
export function knownValues({ mask, details: [details] }: Known, column = details): (string | null | undefined)[] {
  const values = column.children[0];
  return Array.from(mask, (known, row) => {
    if (!known) return undefined;
    if (!column.getValid(row)) throw new Error(`row ${row} is known and has no details`);
    if (!values.getValid(row)) return null;
    return Buffer.from(values.values.subarray(values.valueOffsets[row], values.valueOffsets[row + 1])).toString('utf8');
  });
}
