import { type Data, Field, type RecordBatch, type Schema, util, Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { batchFromIpc, batchOf, batchToIpc, requireColumn, schemaWith, selectColumns } from '../columns.js';
import { Gather } from '../data/gather.js';
import { nullData } from '../data/nullData.js';
import { castTo } from '../delta/cast.js';
import type { Cast } from '../delta/castParts.js';
import { isSimple, rawValue } from '../delta/rawValues.js';
import { checkKey, keyTexts, shownKey } from './mergeKeys.js';

/** Which rows a merge finds and what it writes back. */
export interface MergeHow {
  /** The columns that name a row. */
  readonly key: readonly string[];
  /** The columns that are written back; those that the target lacks are added. */
  readonly columns: readonly string[];
  /** The target, as messages name it. */
  readonly label: string;
  /** What new columns become in the target, if it does not have all of the source's types. */
  readonly added?: readonly Field[];
}

interface Held {
  readonly chunk: number;
  readonly row: number;
}

/**
 * The rows to merge: keys and the columns that are written back are held in memory, the rest of a row is not. A merge updates rows
 * that are there; it neither adds nor removes any.
 */
export class Updates {
  /** Of each column that is written back, as the target has it, one piece a batch. */
  private readonly values: readonly Data[][];
  private chunks = 0;
  private readonly byKey = new Map<string, Held>();
  private readonly casts: readonly Cast[];
  private nulls = 0;
  /** The target's columns with the new ones behind them. */
  readonly schema: Schema;

  constructor(
    source: Schema,
    private readonly target: Schema,
    readonly how: MergeHow,
  ) {
    const { key, columns, label } = how;
    checkKey(key, source, target, label);
    checkColumns(how);
    let schema = target;
    this.casts = columns.map((name) => {
      const from = requireColumn(source, name, 'the rows to merge');
      const present = target.fields.find((field) => field.name === name);
      if (present) return castFor(from, present, label);
      // A row that no update reaches has null in a new column.
      const field = how.added?.find((candidate) => candidate.name === name) ?? from;
      schema = schemaWith(schema, new Field(name, field.type, true, field.metadata));
      return castFor(from, field, label);
    });
    this.schema = schema;
    this.values = columns.map(() => []);
  }

  get rows(): number {
    return this.byKey.size + this.nulls;
  }

  add(batch: RecordBatch): void {
    const { key, columns } = this.how;
    // A copy: the columns that are not held may share their memory with those that are.
    const chunk = batchFromIpc(batchToIpc(selectColumns(batch, columns)));
    chunk.data.children.forEach((child, i) => {
      this.values[i].push(this.casts[i](child));
    });
    const at = this.chunks++;
    keyTexts(batch, key).forEach((text, row) => {
      if (text === null) {
        this.nulls++;
        return;
      }
      if (this.byKey.has(text)) throw twice('the rows to merge have', shownKey(key, text));
      this.byKey.set(text, { chunk: at, row });
    });
  }

  /** One pass over the target's rows. */
  pass(): MergePass {
    const columns = this.how.columns.map((name, i) => ({
      name,
      isNew: !this.target.fields.some((field) => field.name === name),
      values: this.values[i],
    }));
    return new MergePass(this.how, this.schema, this.byKey, this.nulls, columns);
  }
}

interface MergeColumn {
  readonly name: string;
  readonly isNew: boolean;
  /** By chunk. */
  readonly values: readonly Data[];
}

export class MergePass {
  private readonly seen = new Set<string>();

  constructor(
    private readonly how: MergeHow,
    private readonly schema: Schema,
    private readonly byKey: ReadonlyMap<string, Held>,
    private readonly nulls: number,
    private readonly columns: readonly MergeColumn[],
  ) {}

  /** The batch with its updates. */
  apply(batch: RecordBatch): RecordBatch {
    const matches = this.matches(batch);
    const children = this.schema.fields.map((field, at): Data => {
      const column = this.columns.find(({ name }) => name === field.name);
      if (!column) return batch.data.children[at];
      const present = column.isNew ? nullData(field.type, batch.numRows) : batch.data.children[at];
      const merged = new Gather(present);
      matches.forEach((held, row) => {
        if (held) merged.add(column.values[held.chunk], held.row);
        else merged.add(present, row);
      });
      const data = merged.finish();
      if (!field.nullable && data.nullCount > 0) throw nullProblem(field, this.how.label);
      return data;
    });
    return batchOf(this.schema, children, batch.numRows);
  }

  /** How many rows would change. The batch needs the key and those columns to be written back that the target has. */
  countChanges(batch: RecordBatch): number {
    const pairs = this.columns.map(({ name, values }) => ({ values, present: batch.getChild(name)?.data[0] ?? null }));
    return this.matches(batch).filter(
      (held, row) => held && pairs.some(({ values, present }) => !isSame(values[held.chunk], held.row, present, row)),
    ).length;
  }

  /** To be called behind the last row: every update must have found its row. */
  finish(): void {
    const missing = this.byKey.size - this.seen.size + this.nulls;
    if (missing === 0) return;
    const first = [...this.byKey.keys()].find((text) => !this.seen.has(text));
    throw new PrecisError('input', {
      found: `${missing} ${missing === 1 ? 'row to merge has no row of its' : 'rows to merge have no row of their'} key in ${this.how.label}, the first is ${shownKey(this.how.key, first ?? 'null')}`,
      expected: 'rows that are there: a merge only updates',
      action: 'leave them out, or append them; nothing was written',
    });
  }

  private matches(batch: RecordBatch): (Held | undefined)[] {
    return keyTexts(batch, this.how.key).map((text) => {
      const held = text === null ? undefined : this.byKey.get(text);
      if (!held) return undefined;
      if (this.seen.has(text!)) throw twice(`${this.how.label} has`, shownKey(this.how.key, text!));
      this.seen.add(text!);
      return held;
    });
  }
}

function checkColumns({ key, columns, label }: MergeHow): void {
  const inKey = columns.filter((name) => key.includes(name));
  if (columns.length > 0 && inKey.length === 0) return;
  throw new PrecisError('usage', {
    found:
      inKey.length > 0 ? `a merge that writes its key ${inKey.join(', ')}` : `a merge into ${label} without columns`,
    expected: 'the columns to write back',
    action: inKey.length > 0 ? undefined : `${label} has all columns of the rows to merge: name those to write back`,
  });
}

function castFor(from: Field, to: Field, label: string): Cast {
  if (util.compareTypes(from.type, to.type)) return (data) => data;
  const cast = castTo(from.type, to.type, { dropFields: false, cutNanoseconds: false, where: `column ${to.name}` });
  if (cast) return cast;
  throw new PrecisError('column', {
    found: `column ${to.name} of the rows to merge is ${from.type}`,
    expected: `${to.type}, as in ${label}`,
    action: 'cast it, or write to a column of another name',
  });
}

function isSame(ours: Data, row: number, present: Data | null, at: number): boolean {
  const isNull = !ours.getValid(row);
  if (present === null || !present.getValid(at)) return isNull;
  if (isNull) return false;
  if (!isSimple(ours.type))
    return util.createElementComparator(new Vector([ours]).get(row))(new Vector([present]).get(at));
  const [a, b] = [rawValue(ours, row)!, rawValue(present, at)!];
  return a instanceof Uint8Array ? Buffer.compare(a, b as Uint8Array) === 0 : Object.is(a, b);
}

function twice(who: string, key: string): PrecisError {
  return new PrecisError('input', {
    found: `${who} the key ${key} twice`,
    expected: 'keys that name one row each',
    action: 'merge by more columns, or remove the double rows; nothing was written',
  });
}

function nullProblem({ name }: Field, label: string): PrecisError {
  return new PrecisError('column', {
    found: `the rows to merge have null in column ${name}`,
    expected: `a value in each row, as ${label} demands of it`,
  });
}
