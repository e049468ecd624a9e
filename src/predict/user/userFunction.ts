import vm from 'node:vm';
import { type Data, type DataType, Field, type RecordBatch, Schema, type Vector } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import type { BatchAnswer, BatchFunction, OpenBatchFunction, RunContext } from '../../pool/types.js';
import { batchOf, isText, requireColumn, sliceBatch, textValues } from '../../table/columns.js';
import { concatData } from '../../table/data/concatData.js';
import { detailsType, failedDetails, unmeasured } from '../detailed/details.js';
import { plainValue } from '../texts/plainValue.js';
import { RESULT_COLUMN } from '../texts/resultType.js';
import { reasonWithoutText, textsOfRows } from '../texts/withoutText.js';
import { importGuarded } from './importGuard.js';
import { type Origin, rowsOf, userColumn } from './userColumn.js';
import { typeFromBytes } from './userTypes.js';

/** A batch as a user's function sees it: only the columns that the function was called with. */
export interface BatchView {
  readonly numRows: number;
  /** A column's values, null where there is none: texts, numbers, and lists, structs and maps as plain values. */
  column(name: string): unknown[];
  /** The same as it lies in memory. */
  vector(name: string): Vector;
}

export interface UserContext {
  /** The plain data that the function was defined with. */
  readonly values: unknown;
  /** To be called now and then by a function that takes minutes for a batch: silence is taken for a hang. */
  readonly alive: (rowsDone?: number) => void;
  readonly signal?: AbortSignal;
}

/** Its result has as many values as the batch has rows. */
export type UserBatchFunction = (batch: BatchView, context: UserContext) => unknown;

/** Where a worker finds the function: in a module, or in its own text. */
export type FunctionPlace = { readonly module: string; readonly exportName: string } | { readonly source: string };

/** Plain data. */
export interface UserFunctionSpec {
  readonly name: string;
  readonly place: FunctionPlace;
  /** See typeToBytes. */
  readonly type: Uint8Array;
  readonly values: unknown;
  /** Answers what became of each row, as detailed/details.ts lays it out: a call that fails is tried again in halves. */
  readonly details?: boolean;
}

/** The number of a batch's first row, as its schema carries it to the worker. */
export const FIRST_ROW = 'precis.first_row';

export const openUserFunction: OpenBatchFunction<UserFunctionSpec> = async (spec) => {
  const { place } = spec;
  const found = 'source' in place ? compileSource(place.source, spec.name) : await imported(place, spec.name);
  return new UserFunction(found, spec);
};

/** The function that a text stands for. Throws a SyntaxError if it is none by itself: a method, a bound or a native function. */
export function compileSource(source: string, name: string): UserBatchFunction {
  // Some compilers wrap inner functions into a helper `__name`, which they define outside of them.
  const wrapped = `(() => { const __name = (fn) => fn; return (${source}\n); })()`;
  return new vm.Script(wrapped, {
    filename: `the function ${name}`,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as UserBatchFunction;
}

async function imported(
  { module, exportName }: { readonly module: string; readonly exportName: string },
  name: string,
): Promise<UserBatchFunction> {
  const exports = await importGuarded(module).catch((cause: unknown) => {
    if (cause instanceof PrecisError) throw cause;
    throw new PrecisError('function', { found: `${name}: ${module} cannot be imported (${messageOf(cause)})`, cause });
  });
  if (typeof exports[exportName] === 'function') return exports[exportName] as UserBatchFunction;
  throw new PrecisError('function', {
    found: `${module} exports no function ${exportName}`,
    expected: `one of its exports: ${Object.keys(exports).join(', ')}`,
  });
}

class UserFunction implements BatchFunction {
  private readonly type: DataType;

  constructor(
    private readonly call: UserBatchFunction,
    private readonly spec: UserFunctionSpec,
  ) {
    this.type = typeFromBytes(spec.type);
  }

  async run(batch: RecordBatch, context: RunContext): Promise<BatchAnswer> {
    const data = this.spec.details ? await this.details(batch, context) : await this.column(batch, context);
    const schema = new Schema([new Field(RESULT_COLUMN, data.type, true)]);
    return { batch: batchOf(schema, [data], batch.numRows) };
  }

  private async column(batch: RecordBatch, { alive, signal }: RunContext): Promise<Data> {
    const { name, values, details } = this.spec;
    const firstRow = Number(batch.schema.metadata.get(FIRST_ROW) ?? 0);
    const origin: Origin = { name, firstRow, rows: batch.numRows, quiet: details };
    const returned = await this.returned(viewOf(batch, name), { values, alive, signal }, origin);
    return userColumn(returned, this.type, origin);
  }

  /** Halves of a batch that failed, until the rows to blame stand alone. */
  private async details(batch: RecordBatch, context: RunContext): Promise<Data> {
    const rows = batch.numRows;
    try {
      return unmeasured(await this.column(batch, context));
    } catch (error) {
      if (context.signal?.aborted || rows === 0) throw error;
      context.alive();
      if (rows === 1) {
        const reason = reasonWithoutText(messageOf(error), textsOfRows(batch));
        return failedDetails(detailsType(this.type), reason);
      }
    }
    const first = await this.details(sliceBatch(batch, 0, rows >> 1), context);
    return concatData([first, await this.details(sliceBatch(batch, rows >> 1, rows), context)]);
  }

  private async returned(view: BatchView, context: UserContext, origin: Origin): Promise<unknown> {
    const { call } = this;
    try {
      return await call(view, context);
    } catch (error) {
      if (error instanceof PrecisError || context.signal?.aborted) throw error;
      throw 'source' in this.spec.place && error instanceof ReferenceError
        ? undefinedName(error, origin.name)
        : failed(error, origin);
    }
  }
}

function viewOf(batch: RecordBatch, name: string): BatchView {
  const vector = (column: string): Vector => {
    requireColumn(batch.schema, column, `the batch that ${name} was called with`);
    return batch.getChild(column)!;
  };
  const column = (column: string): unknown[] => {
    const found = vector(column);
    return isText(found.type) ? textValues(found) : Array.from(found, plainValue);
  };
  return { numRows: batch.numRows, column, vector };
}

/** A function that went over as a text has left everything behind that is defined outside of it. */
function undefinedName(error: ReferenceError, name: string): PrecisError {
  return new PrecisError('function', {
    found: `${name} uses what is not there in a worker (${error.message})`,
    expected: 'a function that needs nothing from outside of itself',
    action: "give it plain data as `values`, or export it from a module: { module: import.meta.url, export: 'name' }",
    cause: error,
  });
}

function failed(error: unknown, origin: Origin): PrecisError {
  const kind = error instanceof Error ? `${error.name}: ` : '';
  const frames = (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^\s+at /.test(line));
  return new PrecisError('function', {
    found: `${origin.name} failed for ${rowsOf(origin)}: ${kind}${messageOf(error)}`,
    details: frames.slice(0, 5).map((line) => line.trim()),
    cause: error,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
