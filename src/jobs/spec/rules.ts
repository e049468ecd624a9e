import type { FormatName } from '../../table/types.js';
import { DEFAULT_FIELDS, generation } from './columnRules.js';
import { column } from './columnShape.js';
import type { ColumnContractForm, InputForm, JobForm, OutputForm, SourceForm } from './form.js';
import { filePath, modelUri, tablePath } from './paths.js';
import {
  anyText,
  character,
  count,
  duration,
  type FieldRule,
  flag,
  listOf,
  mapOf,
  number,
  object,
  oneOf,
  oneOrMore,
  type Shape,
  scalar,
  shortOr,
  text,
} from './shapes.js';

type Rules<Form> = Readonly<Record<keyof Form, FieldRule>>;

const FORMATS: readonly FormatName[] = ['parquet', 'arrow', 'arrows', 'csv', 'tsv', 'jsonl', 'delta', 'text'];
const names = oneOrMore(text);
/** So many rows, or any number of them. */
const threshold: Shape<number> = count(-1, ' (-1: any number)');

const format: FieldRule = {
  shape: oneOf(FORMATS),
  about: 'instead of what the extension says',
  default: 'by extension',
};
const delimiter: FieldRule = { shape: character, about: 'CSV only', default: '`,`, a tab for .tsv' };

const sha256 = scalar('a SHA-256 as 64 hexadecimal digits', { type: 'string' }, (value) =>
  typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined,
);
export const manifestFiles = listOf(
  object({
    file: { shape: text, about: "its name, relative to the source's folder", required: true },
    rows: { shape: count(0), about: 'rows that it has' },
    sha256: { shape: sha256, about: 'of its bytes' },
  }),
);

const sample = shortOr(
  count(1),
  object({
    rows: { shape: count(1), about: 'how many', required: true },
    seed: { shape: count(0), about: 'which', default: '0' },
  }),
  (rows) => ({ rows }),
);

const SOURCE: Rules<SourceForm> = {
  path: {
    shape: tablePath,
    about: 'a file, folder, pattern, Delta folder or table name; `-` is an Arrow stream on stdin',
    required: true,
  },
  format,
  version: { shape: count(0), about: "a Delta table's version", default: 'the current one' },
  delimiter,
  header: { shape: flag, about: 'CSV only: the first record names the columns', default: 'true' },
  limit: { shape: count(1), about: 'only the first rows', default: 'all' },
  sample: { shape: sample, about: 'rows drawn by a seed; a number alone is `rows`', default: 'all' },
  manifest: {
    shape: shortOr<unknown>(filePath, manifestFiles, (file: string) => ({ file })),
    about: 'the files that have to be there, exactly: a list, or the path of a YAML or JSON file with such a list',
  },
};

const OUTPUT: Rules<OutputForm> = {
  path: { shape: tablePath, about: 'a file, Delta folder or table name', default: 'the source, of a merge' },
  format,
  mode: {
    shape: oneOf(['create', 'append', 'overwrite', 'merge']),
    about: 'what happens if it is there: create refuses',
    default: 'create',
  },
  key: { shape: names, about: 'the same as `key`' },
  delimiter,
  header: { shape: flag, about: 'CSV only', default: 'true' },
  keepFailed: {
    shape: flag,
    about: 'rows that failed are in the output too, without a value',
    default: 'false, or true with errorColumn',
  },
  keepFiltered: {
    shape: flag,
    about: 'rows that the filter skipped are in the output too, without a value',
    default: 'false',
  },
  errorColumn: {
    shape: text,
    about: 'a column of this name says why a row failed (code and message)',
    default: 'none',
  },
};

const COLUMN_CONTRACT: Rules<ColumnContractForm> = {
  type: {
    shape: text,
    about: '`text`, `number`, `boolean`, `time`, or as Arrow prints it (`Utf8`, `Int64`)',
    default: 'any',
  },
  maxNullShare: { shape: number(0, 1), about: 'the largest share of rows without a value', default: '1' },
  minLength: { shape: count(0), about: 'characters of a text, items of a list', default: 'any' },
  maxLength: { shape: count(0), about: 'characters of a text, items of a list', default: 'any' },
};
const contractColumns = mapOf(shortOr(text, object(COLUMN_CONTRACT), (type) => ({ type })));

const INPUT: Rules<InputForm> = {
  columns: { shape: contractColumns, about: 'columns that have to be there; a text alone is `type`' },
  rows: {
    shape: shortOr(
      count(0),
      object({
        min: { shape: count(0), about: 'at least', default: 'any' },
        max: { shape: count(0), about: 'at most', default: 'any' },
      }),
      (rows) => ({ min: rows, max: rows }),
    ),
    about: 'how many rows there are; a number alone means exactly so many',
  },
};

const retry = object({
  maxRetries: { shape: count(0), about: 'how often rows are tried again after a worker died on them', default: '3' },
  timeout: { shape: duration, about: 'a worker that gives no sign of life for so long is ended', default: '300 s' },
});
const filter = object({
  nulls: { shape: flag, about: 'skip rows without a text', default: 'false' },
  blank: { shape: flag, about: 'skip texts of white space', default: 'false' },
  shorterThan: { shape: count(0), about: 'skip texts of fewer characters', default: '0' },
});
const route = object({
  where: { shape: text, about: 'a condition, see below', required: true },
  output: { shape: tablePath, about: 'where these rows go as well', required: true },
});
const cost = object({
  perThousandTokens: { shape: number(0), about: 'price of 1,000 tokens, input and output', required: true },
  max: { shape: number(0), about: 'the job stops before it costs more', default: 'none' },
});

export const JOB_FIELDS: Rules<JobForm> = {
  name: { shape: text, about: 'what the job is called', default: "the file's name" },
  owner: { shape: text, about: 'who answers for it; in the record', default: 'none' },
  folder: { shape: text, about: 'where relative paths begin', default: "the spec file's folder" },
  source: {
    shape: shortOr(tablePath, object(SOURCE), (path) => ({ path })),
    about: 'what is read; a text alone is `path`',
    required: true,
  },
  text: { shape: text, about: 'the column of texts, for all columns that name none' },
  column: { shape: text, about: 'the new column, where there is a single one', default: 'generated_summary' },
  columns: { shape: listOf(column), about: 'the columns to make', default: 'one, by `text` and `column`' },
  model: { shape: modelUri, about: 'of all columns that name none', default: 'the built-in model' },
  output: {
    shape: shortOr(tablePath, object(OUTPUT), (path) => ({ path })),
    about: 'what is written; a text alone is `path`',
  },
  key: {
    shape: names,
    about: 'columns that name a row: to merge and increment by, and in the file of failures',
    default: "the row's number",
  },
  generation: { shape: generation, about: 'options of generation, for every column whose function takes them' },
  ...DEFAULT_FIELDS,
  workers: { shape: count(1), about: 'engines side by side', default: 'as many as cores' },
  devices: { shape: oneOrMore(oneOf(['cpu'])), about: 'where to run', default: 'cpu' },
  isolation: {
    shape: oneOf(['process', 'thread']),
    about: 'process: a crash of native code costs a retry; thread: it is a crash of everything',
    default: 'process',
  },
  partitionRows: {
    shape: count(1),
    about: 'rows of a partition, the unit that is committed',
    default: 'chosen from the model',
  },
  retry: { shape: retry, about: 'what happens to rows on which a worker died' },
  fallbackModel: { shape: modelUri, about: 'tries rows that failed with their own model', default: 'none' },
  errorThreshold: { shape: threshold, about: 'so many rows may fail before the job stops', default: '-1' },
  partitionErrorThreshold: {
    shape: threshold,
    about: 'so many partitions may fail: those of several rows, all of which failed',
    default: '0',
  },
  filter: { shape: filter, about: 'rows for which no model is asked' },
  incremental: {
    shape: shortOr<unknown>(
      flag,
      object({ key: { shape: names, about: 'the same as `key`', required: true } }),
      (on) => on,
    ),
    about: 'only rows that are new or whose text changed are computed; needs a key',
    default: 'false',
  },
  cache: { shape: flag, about: 'answers are shared with other jobs', default: 'false' },
  lineage: { shape: flag, about: 'columns that say where each row came from', default: 'false' },
  contract: {
    shape: object({
      input: { shape: object(INPUT), about: 'what the source has to be' },
      output: {
        shape: object({ columns: { shape: contractColumns, about: 'columns of the output', required: true } }),
        about: 'what the output has to be',
      },
    }),
    about: 'what has to hold before and after',
  },
  cost: { shape: cost, about: 'what tokens cost' },
  maxCost: { shape: number(0), about: 'the same as `cost.max`' },
  routes: { shape: listOf(route), about: 'rows that go to another table as well' },
  deadline: {
    shape: duration,
    about: 'the longest that a run may take; then it stops and can be resumed',
    default: 'none',
  },
  onFailure: {
    shape: anyText,
    about: 'a shell command, run when the job ends in any other state than done',
    default: 'none',
  },
};

/** Where else a name belongs, that people look for at the top. */
export const JOB_HINTS: Readonly<Record<string, string>> = {
  input: 'it is source, or contract.input',
  out: 'it is output',
  mode: 'it is output.mode',
  format: 'it is source.format or output.format',
  overwrite: 'it is output.mode: overwrite',
  append: 'it is output.mode: append',
  maxRetries: 'it is retry.maxRetries',
  timeout: 'it is retry.timeout',
  hangSeconds: 'it is retry.timeout',
  device: 'it is devices',
  onError: 'a job goes on when a row fails: see errorThreshold and output.keepFailed',
  limit: 'it is source.limit',
  sample: 'it is source.sample',
  manifest: 'it is source.manifest',
  schedule: 'it is an option of precis job schedule',
  cron: 'it is an option of precis job schedule',
};
