import { type Data, DataType, type RecordBatch } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { textView } from '../../predict/texts/textView.js';
import { isText } from '../../table/columns.js';
import type { ColumnContract, InputContract, OutputContract } from '../types.js';
import { throwProblems } from './schema.js';

/** What was counted so far: plain data, from which a resumed job goes on. */
export interface CheckedSoFar {
  readonly rows: number;
  readonly nulls: Readonly<Record<string, number>>;
}

export interface CheckerOptions {
  /** Names the table. */
  readonly label: string;
  /** All rows, if they are known before. */
  readonly total?: number | null;
  /** What an earlier process counted; rows are numbered on from there. */
  readonly from?: CheckedSoFar;
}

/**
 * Holds the rows of a table to a contract while they pass, and fails as soon as it is certain: a length or one row too many at once, too many nulls
 * when no later row could make up for them, the rest in `finish`. The columns are there: see checkInputSchema. No text gets into a message.
 */
class ContractChecker {
  private rows: number;
  private readonly nulls: Record<string, number>;
  private readonly label: string;
  private readonly total: number | null;

  constructor(
    private readonly columns: Readonly<Record<string, ColumnContract>>,
    private readonly range: InputContract['rows'],
    { label, total = null, from = { rows: 0, nulls: {} } }: CheckerOptions,
  ) {
    this.label = label;
    this.total = total;
    this.rows = from.rows;
    this.nulls = { ...from.nulls };
    if (total !== null) throwProblems(this.rangeProblems(total), label);
  }

  get checked(): CheckedSoFar {
    return { rows: this.rows, nulls: { ...this.nulls } };
  }

  /** The batch has the columns of the contract; more do not matter. */
  add(batch: RecordBatch): void {
    const most = this.range?.max ?? null;
    if (most !== null && this.rows + batch.numRows > most) {
      throw new PrecisError('contract', {
        found: `${this.label} has more than ${most} rows`,
        expected: this.rangeText(),
      });
    }
    for (const [name, contract] of Object.entries(this.columns)) {
      const data = batch.data.children[batch.schema.fields.findIndex((field) => field.name === name)];
      this.addColumn(name, contract, data);
    }
    this.rows += batch.numRows;
  }

  /** At the end of the table. */
  finish(): void {
    const shares = Object.entries(this.columns).flatMap(([name, contract]) =>
      this.shareProblems(name, contract, this.rows),
    );
    throwProblems([...this.rangeProblems(this.rows), ...shares], this.label);
  }

  private addColumn(name: string, contract: ColumnContract, data: Data): void {
    const nulls = nullsOf(data);
    this.nulls[name] = (this.nulls[name] ?? 0) + nulls;
    // Without the total, rows to come could still be enough.
    const certain = this.total ?? (contract.maxNullShare === 0 ? this.rows + data.length : null);
    if (nulls > 0 && certain !== null) throwProblems(this.shareProblems(name, contract, certain), this.label);
    const { minLength, maxLength } = contract;
    if (minLength === null && maxLength === null) return;
    const wrong = firstWrongLength(data, minLength ?? 0, maxLength ?? Number.POSITIVE_INFINITY);
    if (wrong === null) return;
    const bounds = [minLength !== null && `at least ${minLength}`, maxLength !== null && `at most ${maxLength}`];
    throw new PrecisError('contract', {
      found: `column ${name} of ${this.label} is ${wrong.length} long in row ${this.rows + wrong.row + 1}`,
      expected: `${bounds.filter(Boolean).join(' and ')} ${isText(data.type) ? 'characters' : 'items'}`,
    });
  }

  private shareProblems(name: string, { maxNullShare }: ColumnContract, rows: number): string[] {
    const nulls = this.nulls[name] ?? 0;
    if (maxNullShare === null || nulls === 0 || nulls <= maxNullShare * rows) return [];
    const found = `${nulls} of ${rows} rows (${percent(nulls / rows)}) without a value`;
    return [`column ${name} of ${this.label} has ${found}, expected at most ${percent(maxNullShare)}`];
  }

  private rangeProblems(rows: number): string[] {
    const { min = null, max = null } = this.range ?? {};
    if ((min === null || rows >= min) && (max === null || rows <= max)) return [];
    return [`${this.label} has ${rows} rows, expected ${this.rangeText()}`];
  }

  private rangeText(): string {
    const { min = null, max = null } = this.range ?? {};
    if (min === max) return `exactly ${max}`;
    return [min !== null && `at least ${min}`, max !== null && `at most ${max}`].filter(Boolean).join(' and ');
  }
}

/** Over the rows of a source. */
export class InputChecker extends ContractChecker {
  constructor(contract: InputContract, options: CheckerOptions) {
    super(contract.columns, contract.rows, options);
  }
}

/** Over the rows that are about to be published. */
export class OutputChecker extends ContractChecker {
  constructor(contract: OutputContract, options: CheckerOptions) {
    super(contract.columns, null, options);
  }
}

/** Rows that are not in the output are counted where they went. */
export interface RowCounts {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly failed: number;
  readonly filtered: number;
}

/** rows in = out + failed + filtered: no row is lost and none is there twice. */
export function checkRowCounts({ rowsIn, rowsOut, failed, filtered }: RowCounts, label: string): void {
  const accounted = rowsOut + failed + filtered;
  if (accounted === rowsIn) return;
  throw new PrecisError('contract', {
    found: `${label} would have ${rowsOut} rows, with ${failed} failed and ${filtered} filtered`,
    expected: `${rowsIn} together, as many as were read: ${Math.abs(rowsIn - accounted)} ${accounted < rowsIn ? 'are lost' : 'are too many'}`,
  });
}

function nullsOf(data: Data): number {
  if (DataType.isNull(data.type)) return data.length;
  if (!DataType.isDictionary(data.type) || !isText(data.type)) return data.nullCount;
  // A dictionary may have a null among its entries.
  return textView(data).valid?.reduce((nulls, valid) => nulls + (1 - valid), 0) ?? 0;
}

function firstWrongLength(
  data: Data,
  least: number,
  most: number,
): { readonly row: number; readonly length: number } | null {
  const { type, length: rows } = data;
  if (DataType.isNull(type)) return null;
  const lengthOf = isText(type) ? textLength(data) : listLength(data);
  for (let row = 0; row < rows; row++) {
    const length = lengthOf(row);
    if (length !== null && (length < least || length > most)) return { row, length };
  }
  return null;
}

/** In characters, as people count them in other tools: code points. */
function textLength(data: Data): (row: number) => number | null {
  const { bytes, starts, ends, valid } = textView(data);
  return (row) => {
    if (valid && !valid[row]) return null;
    let length = 0;
    for (let at = starts[row]; at < ends[row]; at++) if ((bytes[at] & 0xc0) !== 0x80) length++;
    return length;
  };
}

function listLength(data: Data): (row: number) => number | null {
  const { valueOffsets: offsets } = data;
  return (row) => (data.nullCount > 0 && !data.getValid(row) ? null : Number(offsets[row + 1]) - Number(offsets[row]));
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
