import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';

type ParquetWasm = typeof import('parquet-wasm');

/**
 * One instance of parquet-wasm, with memory of its own. Some damage in a file makes its Rust code panic in a microtask, which would end the
 * process and leave every promise pending; so the library is loaded with a `queueMicrotask` that tells us instead.
 */
export class ParquetEngine {
  readonly api: ParquetWasm;
  private panic: unknown = null;
  private readonly waiting = new Set<(error: unknown) => void>();

  private constructor() {
    const require = createRequire(import.meta.url);
    const file = require.resolve('parquet-wasm/node');
    const given = ['exports', 'require', 'module', '__filename', '__dirname', 'queueMicrotask'];
    const load = compileFunction(readFileSync(file, 'utf8'), given, { filename: file });
    const module = { exports: {} as ParquetWasm };
    const queue = (task: () => void) => queueMicrotask(() => this.run(task));
    load(module.exports, createRequire(file), module, file, path.dirname(file), queue);
    this.api = module.exports;
  }

  private static current: ParquetEngine | null = null;

  /** The instance for a new file. One that has panicked is not used again: what its memory holds is anybody's guess. */
  static get(): ParquetEngine {
    if (!ParquetEngine.current || ParquetEngine.current.isBroken) ParquetEngine.current = new ParquetEngine();
    return ParquetEngine.current;
  }

  get isBroken(): boolean {
    return this.panic !== null;
  }

  /** The promise's outcome, or the panic that keeps it from having one. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.isBroken) reject(this.panic);
      this.waiting.add(reject);
      promise.then(resolve, reject).finally(() => this.waiting.delete(reject));
    });
  }

  /** What is called directly panics directly. */
  call<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (isPanic(error)) this.fail(error);
      throw error;
    }
  }

  private run(task: () => void): void {
    try {
      task();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.panic = error;
    for (const reject of this.waiting) reject(error);
    this.waiting.clear();
  }
}

/** Of WebAssembly; the type is not among Node's. */
export function isPanic(error: unknown): boolean {
  return error instanceof Error && error.name === 'RuntimeError';
}
