import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type DataType, Field } from 'apache-arrow';
import { PrecisError } from '../../errors.js';
import { compiledModule } from '../../files/compiled.js';
import type { BatchFunctionSpec, PoolOptions } from '../../pool/types.js';
import { requireColumn } from '../../table/columns.js';
import type { ColumnExpression } from '../../table/types.js';
import { checkOptions, type Rules } from '../checkOptions.js';
import { LazyPool } from '../texts/lazyPool.js';
import { UDF_RULES } from '../udfOptions.js';
import { compileSource, type FunctionPlace, type UserBatchFunction, type UserFunctionSpec } from './userFunction.js';
import { userPass } from './userPass.js';
import { typeToBytes, type UserResultType, userType } from './userTypes.js';

/** A function that a module exports: `{ module: import.meta.url, export: 'name' }`. */
export interface ModuleFunction {
  /** A URL or an absolute path. */
  readonly module: string | URL;
  readonly export: string;
}

type PoolShare = Pick<PoolOptions, 'workers' | 'isolation' | 'maxRetries' | 'hangSeconds' | 'onEvent'>;

export interface BatchFunctionOptions extends PoolShare {
  /** `string` by default. */
  readonly resultType?: UserResultType;
  /** For messages; the function's own name by default. */
  readonly name?: string;
  /** Plain data that the function gets beside each batch. */
  readonly values?: unknown;
  /** The most rows of a batch; 1024 by default. */
  readonly partitionRows?: number;
}

/** A user's function over columns. */
export interface DefinedFunction {
  /** An expression for `withColumn` over the columns that the function reads. */
  (...columns: [string, ...string[]]): ColumnExpression;
  /** Ends the workers. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const PARTITION_ROWS = 1024;
const LABEL = 'the table';
const { workers, isolation, maxRetries, hangSeconds, onEvent, partitionRows } = UDF_RULES;
const ANY = { expected: '', accepts: () => true };

const RULES: Rules<BatchFunctionOptions> = {
  workers,
  isolation,
  maxRetries,
  hangSeconds,
  onEvent,
  partitionRows,
  // Looked at where they are used.
  resultType: ANY,
  values: ANY,
  name: { expected: 'a text, not empty', accepts: (value) => typeof value === 'string' && value !== '' },
};

/**
 * A user's own function over record batches, run in a pool as ours are. It crosses to the workers as a reference to a module, or as its own text; as a
 * text it can use nothing that is defined outside of it but the language's and Node's globals, `await import(...)` and what it gets as `values`.
 */
export function defineBatchFunction(
  fn: UserBatchFunction | ModuleFunction,
  options: BatchFunctionOptions = {},
): DefinedFunction {
  const { spec, type, rows, pool } = planFunction(fn, options);
  const lazy = new LazyPool(poolSpec(spec), pool);
  const call = (...columns: string[]) => userExpression(columns, type, rows, lazy, spec.name);
  const close = () => lazy.close();
  return Object.assign(call, { close, [Symbol.asyncDispose]: close });
}

/** All that a pool needs to run a user's function. */
export interface FunctionPlan {
  readonly spec: UserFunctionSpec;
  readonly type: DataType;
  /** The most of a partition. */
  readonly rows: number;
  readonly pool: PoolShare;
}

export function planFunction(fn: UserBatchFunction | ModuleFunction, options: BatchFunctionOptions): FunctionPlan {
  checkOptions(options, RULES);
  const { partitionRows: rows = PARTITION_ROWS, resultType = 'string', name, values, ...pool } = options;
  const type = userType(resultType);
  const spec = { ...functionPlace(fn, name), type: typeToBytes(type), values: plainData(values) };
  return { spec, type, rows, pool };
}

export function poolSpec(options: UserFunctionSpec): BatchFunctionSpec {
  const module = compiledModule('./userFunction.js', import.meta.url).href;
  return { module, exportName: 'openUserFunction', options };
}

function userExpression(
  columns: readonly string[],
  type: DataType,
  rows: number,
  pool: LazyPool,
  name: string,
): ColumnExpression {
  if (columns.length === 0 || !columns.every((column) => typeof column === 'string' && column !== '')) {
    throw new PrecisError('usage', {
      found: `${name}(${columns.map((column) => JSON.stringify(column)).join(', ')})`,
      expected: 'the names of the columns that it reads, one at least',
    });
  }
  const read = [...new Set(columns)];
  return {
    columns: read,
    field: (added, schema) => {
      for (const column of read) requireColumn(schema, column, LABEL);
      return new Field(added, type, true);
    },
    evaluate: (batches, { signal }) => userPass(batches, { columns: read, rows, pool, signal }),
  };
}

function functionPlace(
  fn: UserBatchFunction | ModuleFunction,
  asked: string | undefined,
): { readonly name: string; readonly place: FunctionPlace } {
  if (typeof fn === 'function') {
    const name = asked ?? (fn.name || 'the function');
    return { name, place: { source: sourceOf(fn, name) } };
  }
  const { module, export: exportName } = fn ?? {};
  const url = module instanceof URL ? module.href : absoluteUrl(module);
  if (url === null || typeof exportName !== 'string' || exportName === '') {
    throw new PrecisError('usage', {
      found: `a batch function of module ${JSON.stringify(module)} and export ${JSON.stringify(exportName)}`,
      expected: "a function, or { module: import.meta.url, export: 'name' }",
    });
  }
  return { name: asked ?? exportName, place: { module: url, exportName } };
}

function absoluteUrl(module: unknown): string | null {
  if (typeof module !== 'string') return null;
  if (isAbsolute(module)) return pathToFileURL(module).href;
  return URL.canParse(module) ? module : null;
}

/** Looked at here already, where the user sees what was defined how. */
function sourceOf(fn: UserBatchFunction, name: string): string {
  const source = fn.toString();
  try {
    if (typeof compileSource(source, name) === 'function' && !source.startsWith('class')) return source;
  } catch {
    // Told below: its text is no function by itself.
  }
  throw new PrecisError('usage', {
    found: `${name} cannot be written out for a worker: it is a method, a class, or a bound or native function`,
    expected: "an arrow function or a function, or { module: import.meta.url, export: 'name' }",
  });
}

function plainData(values: unknown): unknown {
  try {
    return structuredClone(values);
  } catch (cause) {
    throw new PrecisError('usage', {
      found: `values cannot be sent to a worker (${(cause as Error).message})`,
      expected: 'plain data',
      cause,
    });
  }
}
