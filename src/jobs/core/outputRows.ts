import { type Data, type DataType, Field, makeData, type RecordBatch, Schema, type Struct } from 'apache-arrow';
import type { DetailedFunction } from '../../predict/detailed/types.js';
import { nullsOf, utf8Column } from '../../predict/texts/columnBuilders.js';
import { ERROR_TYPE } from '../../predict/texts/resultType.js';
import { readReason } from '../../predict/texts/rowReason.js';
import { batchOf, schemaWith } from '../../table/columns.js';
import { nullData } from '../../table/data/nullData.js';
import { dropRows } from '../../table/takeRows.js';
import type { JobSpec } from '../types.js';
import { FILTERED } from './flags.js';
import { LINEAGE_FIELDS } from './lineage.js';
import { answersOf, faultsOf } from './rows.js';
import type { Segment } from './segments.js';

/** The columns of the output: the source's, the job's own, the reason where it is asked for, lineage where it is asked for. */
export function outputSchema(
  source: Schema,
  spec: JobSpec,
  functions: readonly DetailedFunction[],
  metadata: ReadonlyMap<string, string>,
): Schema {
  let schema = new Schema(source.fields, new Map([...source.metadata, ...metadata]));
  spec.columns.forEach(({ name }, at) => {
    schema = schemaWith(schema, new Field(name, functions[at].type, true));
  });
  if (spec.output.errorColumn !== null)
    schema = schemaWith(schema, new Field(spec.output.errorColumn, ERROR_TYPE, true));
  if (spec.lineage) for (const field of LINEAGE_FIELDS) schema = schemaWith(schema, field);
  return schema;
}

/** Rows of the source with all that the job adds to them. `lineage` are the columns of LINEAGE_FIELDS. */
export function outputBatch(
  schema: Schema,
  source: RecordBatch,
  segment: Segment,
  spec: JobSpec,
  lineage: readonly Data[] | null,
): RecordBatch {
  const added = new Map<string, Data>();
  spec.columns.forEach(({ name }, at) => {
    added.set(name, answerColumn(segment.details[at]));
  });
  const { errorColumn } = spec.output;
  if (errorColumn !== null) added.set(errorColumn, errorData(faultsOf(segment.details), source.numRows));
  lineage?.forEach((data, at) => {
    added.set(String(LINEAGE_FIELDS[at].name), data);
  });
  const children = schema.fields.map(
    ({ name }) =>
      added.get(name) ?? source.data.children[source.schema.fields.findIndex((field) => field.name === name)],
  );
  return batchOf(schema, children, source.numRows);
}

function errorData(faults: readonly (string | null)[] | null, length: number): Data {
  if (faults === null) return nullData(ERROR_TYPE, length);
  const reasons = faults.map((fault) => (fault === null ? null : readReason(fault)));
  const children = [
    utf8Column(reasons.map((reason) => reason?.code ?? '')),
    utf8Column(reasons.map((reason) => reason?.message ?? '')),
  ];
  return makeData({ type: ERROR_TYPE as Struct, length, ...nullsOf(reasons), children });
}

/** What the output has of a column. A struct that says itself why a row failed is there for such rows too, with nothing else in it. */
function answerColumn(details: Data<Struct>): Data {
  const answers = answersOf(details);
  const faults = faultsOf([details]);
  const at =
    faults === null
      ? -1
      : answers.type.children?.findIndex(({ name, type }: Field) => name === 'error' && isReason(type));
  if (faults === null || at === undefined || at < 0) return answers;
  const children = answers.children.map((child, i) => (i === at ? errorData(faults, answers.length) : child));
  const there = faults.map((fault, row) => (fault !== null || answers.getValid(row) ? true : null));
  return makeData({ type: answers.type as Struct, length: answers.length, ...nullsOf(there), children });
}

function isReason(type: DataType): boolean {
  return String(type) === String(ERROR_TYPE);
}

/** Without the rows that the output is not to have. */
export function keptRows(batch: RecordBatch, { flags, details }: Segment, { output }: JobSpec): RecordBatch {
  if (output.keepFailed && output.keepFiltered) return batch;
  const faults = output.keepFailed ? null : faultsOf(details);
  const keep = flags.map((flag, row) => {
    if (flag === FILTERED) return output.keepFiltered ? 1 : 0;
    return faults !== null && faults[row] !== null ? 0 : 1;
  });
  return keep.includes(0) ? dropRows(batch, keep) : batch;
}
