import { Bool, type Data, Field, Int32, Int64, type Struct, TimestampMillisecond, Utf8, Vector } from 'apache-arrow';
import { boolColumn, columnOf, numberColumn, utf8Column } from '../../predict/texts/columnBuilders.js';
import { CACHED, COMPUTED } from './flags.js';
import { inputTokensOf, outputTokensOf, truncatedOf } from './rows.js';
import type { Segment } from './segments.js';
import type { Work } from './work.js';

/** Where rows lie: file by file, with the numbers of their first rows in the table. */
export type Parts = readonly { readonly file: string; readonly rows: number }[];

const utf8 = new Utf8();
const millis = new TimestampMillisecond('UTC');

export const LINEAGE_FIELDS: readonly Field[] = [
  new Field('precis_model', utf8, true),
  new Field('precis_model_hash', utf8, true),
  new Field('precis_version', utf8, true),
  new Field('precis_run_id', utf8, true),
  new Field('precis_source_file', utf8, true),
  new Field('precis_source_row', new Int64(), true),
  new Field('precis_generated_at', millis, true),
  new Field('precis_input_tokens', new Int32(), true),
  new Field('precis_output_tokens', new Int32(), true),
  new Field('precis_truncated', new Bool(), true),
  new Field('precis_attempts', new Int32(), true),
  new Field('precis_from_cache', new Bool(), true),
];

export interface LineageOf {
  readonly segment: Segment;
  /** The number of the first row in the table, from 0. */
  readonly firstRow: number;
  readonly at: string;
  readonly runId: string;
  readonly work: Work;
  readonly fallbackModel: string | null;
  readonly places: Places;
}

/** The columns of LINEAGE_FIELDS for the rows of a segment. What was not computed in this job has no time, no tokens and no attempts. */
export function lineageColumns(of: LineageOf): Data[] {
  const { segment, firstRow, at, runId, work, fallbackModel, places } = of;
  const { flags, attempts, fallback, details } = segment;
  const length = flags.length;
  const rows = <Value>(value: (row: number) => Value | null) => Array.from({ length }, (_, row) => value(row));
  const own = <Value>(value: (row: number) => Value | null) =>
    rows((row) => (flags[row] === COMPUTED ? value(row) : null));
  const uris = [...new Set(work.columns.map(({ uri }) => uri))].join(', ');
  const hashes = [...new Set(work.columns.map(({ modelHash }) => modelHash).filter((hash) => hash !== null))].join(
    ', ',
  );
  const place = places.from(firstRow);
  const found = rows((row) => place(row));
  const cut = details.map((data) => new Vector([truncatedOf(data)]));
  return [
    utf8Column(own((row) => (fallback[row] && fallbackModel !== null ? fallbackModel : uris))),
    utf8Column(own((row) => (fallback[row] || hashes === '' ? null : hashes))),
    utf8Column(own(() => work.precisVersion)),
    utf8Column(rows(() => runId)),
    utf8Column(found.map((one) => one?.file ?? null)),
    columnOf(
      found.map((one) => (one === null ? null : BigInt(one.row))),
      new Int64(),
    ),
    columnOf(
      own(() => Date.parse(at)),
      millis,
    ),
    numberColumn(
      new Int32(),
      own((row) => sumAt(details, inputTokensOf, row)),
    ),
    numberColumn(
      new Int32(),
      own((row) => sumAt(details, outputTokensOf, row)),
    ),
    boolColumn(own((row) => cut.some((vector) => vector.get(row) === true)) as boolean[]),
    numberColumn(
      new Int32(),
      own((row) => attempts[row]),
    ),
    boolColumn(rows((row) => flags[row] === CACHED) as boolean[]),
  ];
}

function sumAt(details: readonly Data<Struct>[], of: (data: Data<Struct>) => Data, row: number): number | null {
  let sum: number | null = null;
  for (const data of details) {
    const column = of(data);
    if (column.getValid(row)) sum = (sum ?? 0) + column.values[row];
  }
  return sum;
}

/** Finds the file of a row, and its number there, from 1. */
export class Places {
  private readonly starts: number[] = [];

  constructor(private readonly parts: Parts) {
    let start = 0;
    for (const { rows } of parts) {
      this.starts.push(start);
      start += rows;
    }
  }

  /** For rows that follow each other: `from(first)(i)` is the place of row first + i. */
  from(first: number): (row: number) => { readonly file: string; readonly row: number } | null {
    let at = 0;
    return (row) => {
      const number = first + row;
      while (at + 1 < this.starts.length && this.starts[at + 1] <= number) at++;
      const part = this.parts[at];
      return part === undefined ? null : { file: part.file, row: number - this.starts[at] + 1 };
    };
  }
}
