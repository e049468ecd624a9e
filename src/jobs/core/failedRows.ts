import { type Data, Field, Int32, Int64, type RecordBatch, Schema, TimestampMillisecond, Utf8 } from 'apache-arrow';
import { columnOf, numberColumn, utf8Column } from '../../predict/texts/columnBuilders.js';
import { readReason } from '../../predict/texts/rowReason.js';
import { batchOf, selectColumns, selectFields } from '../../table/columns.js';
import { dropRows } from '../../table/takeRows.js';
import type { Places } from './lineage.js';
import { faultsOf } from './rows.js';
import type { Segment } from './segments.js';
import type { Work } from './work.js';

const utf8 = new Utf8();
const millis = new TimestampMillisecond('UTC');

/** What every file of failures has behind the key's columns. */
const FIELDS: readonly Field[] = [
  new Field('source_file', utf8, true),
  new Field('row', new Int64(), false),
  new Field('attempts', new Int32(), false),
  new Field('error_code', utf8, false),
  new Field('error_message', utf8, false),
  new Field('model', utf8, true),
  new Field('model_version', utf8, true),
  new Field('run_id', utf8, false),
  new Field('failed_at', millis, false),
];

/** In the file's metadata: whose it is, so that a later run may take it away. */
export const FAILED_ROWS_MARK = 'precis.failed_rows_of';

export function failedSchema(source: Schema, key: readonly string[], runId: string): Schema {
  const fields = [...selectFields(source, key).fields, ...FIELDS];
  return new Schema(fields, new Map([[FAILED_ROWS_MARK, runId]]));
}

export interface FailedRowsOf {
  readonly segment: Segment;
  readonly key: readonly string[];
  readonly firstRow: number;
  readonly at: string;
  readonly runId: string;
  readonly work: Work;
  readonly places: Places;
}

/** The rows of a batch that failed, without a word of their texts; null if none did. */
export function failedBatch(schema: Schema, source: RecordBatch, of: FailedRowsOf): RecordBatch | null {
  const { segment, key, firstRow, at, runId, work, places } = of;
  const faults = faultsOf(segment.details);
  if (faults === null) return null;
  const rows = faults.flatMap((fault, row) => (fault === null ? [] : [row]));
  const keep = Uint8Array.from(faults, (fault) => (fault === null ? 0 : 1));
  const keys = key.length === 0 ? [] : dropRows(selectColumns(source, key), keep).data.children;
  const place = places.from(firstRow);
  const found = rows.map(place);
  const reasons = rows.map((row) => readReason(faults[row]!));
  const failing = work.columns[0];
  const every = <Value>(value: Value) => rows.map(() => value);
  const children: Data[] = [
    ...keys,
    utf8Column(found.map((one) => one?.file ?? null)),
    columnOf(
      found.map((one, i) => BigInt(one?.row ?? firstRow + rows[i] + 1)),
      new Int64(),
    ),
    numberColumn(
      new Int32(),
      rows.map((row) => segment.attempts[row]),
    ),
    utf8Column(reasons.map(({ code }) => code)),
    utf8Column(reasons.map(({ message }) => message)),
    utf8Column(every(failing.uri)),
    utf8Column(every(failing.modelHash)),
    utf8Column(every(runId)),
    columnOf(every(Date.parse(at)), millis),
  ];
  return batchOf(schema, children, rows.length);
}
