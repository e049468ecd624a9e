import { DataType, type RecordBatch, type Schema } from 'apache-arrow';
import { nearestName } from '../../errors.js';
import { daysOf, microsecondsOf } from '../../table/delta/times.js';
import { type Constant, compareColumns, compareToConstant, FLIPPED } from './compare.js';
import { joinTruth, negateTruth, type Truth, UNKNOWN, withUnknown, YES } from './logic.js';
import { type Comparison, type Expression, type Literal, parseWhere } from './parse.js';
import { containsTest, likeTest, testTexts } from './texts.js';
import { whereError } from './tokens.js';
import { columnAt, dataAt, isSingle, type Kind, kindOf } from './values.js';

/** A condition over the rows of tables of one schema. */
export interface Where {
  /** The columns that it reads, each once. */
  readonly columns: readonly string[];
  /** 1 for each row of which it is true; a row of which it is null is not taken. The batch has at least the columns that are read. */
  mask(batch: RecordBatch): Uint8Array;
}

type Evaluate = (batch: RecordBatch, path: (column: number) => readonly number[]) => Truth;

interface ColumnPlace {
  /** Of the schema, then of structs within. */
  readonly path: readonly number[];
  readonly type: DataType;
  readonly kind: Kind;
  readonly name: string;
}

/** Types are checked here, once; what is wrong is told with its place. `label` names the table. */
export function compileWhere(where: string, schema: Schema, label = 'the table'): Where {
  const compiler = new Compiler(where, schema, label);
  const evaluate = compiler.condition(parseWhere(where));
  const columns = [...compiler.read].map((index) => String(schema.fields[index].name));
  return {
    columns,
    mask(batch) {
      const truth = evaluate(batch, locate(schema, batch.schema));
      for (let row = 0; row < truth.length; row++) if (truth[row] === UNKNOWN) truth[row] = 0;
      return truth;
    },
  };
}

/** Where a batch has a column: a reader may have left others out. */
function locate(schema: Schema, found: Schema): (column: number) => readonly number[] {
  if (found === schema) return (column) => [column];
  return (column) => [found.fields.findIndex(({ name }) => name === schema.fields[column].name)];
}

class Compiler {
  readonly read = new Set<number>();

  constructor(
    private readonly where: string,
    private readonly schema: Schema,
    private readonly label: string,
  ) {}

  condition(expression: Expression): Evaluate {
    switch (expression.kind) {
      case 'and':
      case 'or': {
        const [left, right] = [this.condition(expression.left), this.condition(expression.right)];
        return (batch, path) => joinTruth(expression.kind, left(batch, path), right(batch, path));
      }
      case 'not': {
        const inner = this.condition(expression.inner);
        return (batch, path) => negateTruth(inner(batch, path));
      }
      case 'compare':
        return this.comparison(expression);
      case 'isNull':
        return this.isNull(expression.inner);
      case 'in': {
        // Any of the values: nothing in the list is null.
        const place = this.column(expression.inner, 'in');
        const constants = expression.values.map((value) => this.constant(place, value, expression.at));
        return this.anyOf(place, constants);
      }
      case 'like':
      case 'contains': {
        const place = this.column(expression.inner, expression.kind);
        if (place.kind !== 'text' && place.kind !== 'nothing') {
          throw this.error(expression.at, `${expression.kind} on ${described(place)}`, 'a column of text');
        }
        const test = expression.kind === 'like' ? likeTest(expression.text) : containsTest(expression.text);
        return (batch, path) => {
          const column = columnAt(batch, full(place, path));
          return withUnknown(
            testTexts((column as { texts: Parameters<typeof testTexts>[0] }).texts, test),
            column.valid,
          );
        };
      }
      default:
        return this.flag(expression);
    }
  }

  private comparison({ op, left, right, at }: Expression & { kind: 'compare' }): Evaluate {
    if (left.kind === 'literal' && right.kind === 'literal')
      throw this.error(at, 'two values are compared', 'a column on one side');
    if (left.kind === 'literal')
      return this.comparison({ kind: 'compare', op: FLIPPED[op], left: right, right: left, at });
    if (right.kind === 'literal') return this.withValue(op, left, right.value, at);
    if (left.kind === 'column' && right.kind === 'column') return this.withColumn(op, left, right, at);
    throw this.error(at, 'conditions are compared', 'columns and values', 'join conditions by and, or, not');
  }

  private withValue(op: Comparison, left: Expression, value: Literal, at: number): Evaluate {
    const place = this.column(left, op);
    const constant = this.constant(place, value, at);
    return (batch, path) => {
      const column = columnAt(batch, full(place, path));
      if (place.kind === 'nothing') return new Uint8Array(batch.numRows).fill(UNKNOWN);
      return withUnknown(compareToConstant(op, column, constant), column.valid);
    };
  }

  private withColumn(op: Comparison, left: Expression, right: Expression, at: number): Evaluate {
    const [a, b] = [this.column(left, op), this.column(right, op)];
    const isNothing = a.kind === 'nothing' || b.kind === 'nothing';
    if (!isNothing && (a.kind !== b.kind || a.kind === 'other')) {
      throw this.error(at, `${described(a)} is compared with ${described(b)}`, 'columns of one kind');
    }
    return (batch, path) => {
      if (isNothing) return new Uint8Array(batch.numRows).fill(UNKNOWN);
      const [first, second] = [columnAt(batch, full(a, path)), columnAt(batch, full(b, path))];
      return withUnknown(compareColumns(op, first, second), first.valid, second.valid);
    };
  }

  private anyOf(place: ColumnPlace, constants: readonly Constant[]): Evaluate {
    const texts = new Set(
      constants.map((constant) => (constant instanceof Uint8Array ? Buffer.from(constant).toString('latin1') : '')),
    );
    return (batch, path) => {
      if (place.kind === 'nothing') return new Uint8Array(batch.numRows).fill(UNKNOWN);
      const column = columnAt(batch, full(place, path));
      if (column.kind !== 'text') {
        const each = constants.map((constant) => compareToConstant('=', column, constant));
        return withUnknown(
          each.reduce((all, one) => joinTruth('or', all, one)),
          column.valid,
        );
      }
      // Bytes as characters of their own: equal texts are equal bytes.
      const isIn = (bytes: Uint8Array, start: number, end: number) =>
        texts.has(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
      return withUnknown(testTexts(column.texts, isIn), column.valid);
    };
  }

  private isNull(inner: Expression): Evaluate {
    if (inner.kind !== 'column') {
      const condition = this.condition(inner);
      return (batch, path) => condition(batch, path).map((truth) => (truth === UNKNOWN ? YES : 0));
    }
    const place = this.column(inner, 'is null');
    return (batch, path) => {
      // Only a dictionary's own entries can add nulls to those that every column has.
      const { valid } = place.kind === 'text' ? columnAt(batch, full(place, path)) : dataAt(batch, full(place, path));
      return valid === null ? new Uint8Array(batch.numRows) : valid.map((value) => 1 - value);
    };
  }

  /** A column of true and false is a condition by itself. */
  private flag(expression: Expression): Evaluate {
    if (expression.kind === 'literal') {
      if (typeof expression.value !== 'boolean') throw this.error(expression.at, 'a value by itself', 'a condition');
      const truth = expression.value ? YES : 0;
      return (batch) => new Uint8Array(batch.numRows).fill(truth);
    }
    const place = this.column(expression, 'a condition');
    if (place.kind !== 'boolean' && place.kind !== 'nothing') {
      throw this.error(expression.at, `${described(place)} by itself`, 'a condition, or a column of true and false');
    }
    return (batch, path) => {
      if (place.kind === 'nothing') return new Uint8Array(batch.numRows).fill(UNKNOWN);
      const column = columnAt(batch, full(place, path));
      return withUnknown(compareToConstant('=', column, 1), column.valid);
    };
  }

  private column(expression: Expression, use: string): ColumnPlace {
    if (expression.kind !== 'column') throw this.error(expression.at, `a condition before ${use}`, 'a column');
    let fields = this.schema.fields;
    const path: number[] = [];
    let type: DataType | null = null;
    expression.path.forEach((name, step) => {
      const index = fields.findIndex((field) => field.name === name);
      if (index < 0)
        throw this.missing(
          expression,
          step,
          fields.map((field) => String(field.name)),
        );
      path.push(index);
      type = fields[index].type;
      fields = DataType.isStruct(fields[index].type) ? fields[index].type.children : [];
    });
    this.read.add(path[0]);
    return { path, type: type!, kind: kindOf(type!), name: expression.path.join('.') };
  }

  private missing({ path, at }: Expression & { kind: 'column' }, step: number, known: readonly string[]): Error {
    const above = path.slice(0, step).join('.');
    const owner = step === 0 ? this.label : `column ${above}`;
    if (step > 0 && known.length === 0) return this.error(at, `${above} is no struct: it has no field ${path[step]}`);
    const nearest = nearestName(path[step], known);
    const hasDotted = this.schema.fields.some(({ name }) => name === path.join('.'));
    const hint = hasDotted ? `write "${path.join('.')}"` : nearest === null ? undefined : `did you mean ${nearest}?`;
    return this.error(
      at,
      `${owner} has no ${step === 0 ? 'column' : 'field'} ${JSON.stringify(path[step])}`,
      `one of ${known.join(', ')}`,
      hint,
    );
  }

  /** The value as the column has it. */
  private constant(place: ColumnPlace, value: Literal, at: number): Constant {
    const given = typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'boolean' : 'number';
    if (place.kind === 'time' && typeof value === 'string') {
      const days = daysOf(value);
      const time = days === null ? microsecondsOf(value) : days * 86_400e6;
      if (time !== null) return Number(time);
      throw this.error(at, `${JSON.stringify(value)} is no time`, "'2026-01-31' or '2026-01-31 12:00:00'");
    }
    if (place.kind !== given && place.kind !== 'nothing') {
      const quotes = place.kind === 'text' ? `put it in quotes: '${value}'` : undefined;
      throw this.error(
        at,
        `${described(place)} is compared with the ${given} ${JSON.stringify(String(value))}`,
        `a ${place.kind}`,
        quotes,
      );
    }
    if (typeof value === 'string') return Buffer.from(value);
    if (typeof value === 'boolean') return value ? 1 : 0;
    // 0.1 in single precision is another number than in double.
    return isSingle(place.type) ? Math.fround(Number(value)) : value;
  }

  private error(at: number, found: string, expected?: string, action?: string): Error {
    return whereError(this.where, at, found, expected, action);
  }
}

function full(
  { path: [column, ...inner] }: ColumnPlace,
  path: (column: number) => readonly number[],
): readonly number[] {
  return [...path(column), ...inner];
}

function described({ name, kind, type }: ColumnPlace): string {
  return `${name} (${kind === 'other' ? String(type) : kind})`;
}
