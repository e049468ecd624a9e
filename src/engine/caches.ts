import type { ConvertedModel } from './convertedModel.js';
import { CrossCache } from './crossCache.js';
import { SelfCache } from './selfCache.js';

/** The caches of the last generation, kept for the next one if they are large enough: fresh memory is slow memory. */
export class Caches {
  private self: SelfCache | null = null;
  private cross: CrossCache | null = null;

  constructor(private readonly model: ConvertedModel) {}

  selfCache(documents: number, rows: number, maxTime: number): SelfCache {
    if (!this.self?.holds(documents, rows, maxTime)) this.self = new SelfCache(this.model, documents, rows, maxTime);
    this.self.reset();
    return this.self;
  }

  crossCache(documents: number, padded: number): CrossCache {
    if (!this.cross?.holds(documents, padded)) this.cross = new CrossCache(this.model, documents, padded);
    this.cross.reset(padded);
    return this.cross;
  }

  /** After a failure nobody knows what the memory holds; a value that is no number would spread from it. */
  forget(): void {
    this.self = null;
    this.cross = null;
  }
}
