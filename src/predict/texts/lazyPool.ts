import { PrecisError } from '../../errors.js';
import { resolvePoolOptions } from '../../pool/options.js';
import { openPool } from '../../pool/pool.js';
import type { BatchFunctionSpec, Pool, PoolOptions } from '../../pool/types.js';
import { refuseWhileImporting } from '../user/importGuard.js';

/** A pool whose workers start when it is first used and serve everyone until `close`. */
export class LazyPool {
  private opened: Promise<Pool> | null = null;
  private closed = false;

  constructor(
    private readonly spec: BatchFunctionSpec,
    private readonly options: PoolOptions,
  ) {
    // Now and not when the first table is written.
    resolvePoolOptions(options);
  }

  async open(): Promise<Pool> {
    if (this.closed) throw new PrecisError('function', { found: 'the function was closed', action: 'make another' });
    refuseWhileImporting();
    this.opened ??= this.start();
    return await this.opened;
  }

  async close(): Promise<void> {
    this.closed = true;
    // Whoever opened it has heard why it did not open.
    const pool = await this.opened?.catch(() => null);
    await pool?.close();
  }

  private start(): Promise<Pool> {
    const pool = openPool(this.spec, this.options);
    // What kept it from opening may be gone the next time.
    pool.catch(() => {
      this.opened = null;
    });
    return pool;
  }
}
