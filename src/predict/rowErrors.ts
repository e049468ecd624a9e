import type { GenerationOptions } from '../engine/types.js';
import type { GeneratedText, LoadedModel, TextOptions } from './types.js';

/** Why a row has no result. */
export interface RowError {
  readonly error: string;
}

/** Generates for many texts so that one that fails takes nobody with it. */
export class RowsApart {
  private constructor(
    private readonly model: LoadedModel,
    private readonly options: GenerationOptions,
    private readonly how: TextOptions,
  ) {}

  /** Without a text there is nothing that could fail but the options, which are nobody's own and thrown. */
  static async open(model: LoadedModel, options: GenerationOptions, how: TextOptions): Promise<RowsApart> {
    await model.generateTexts([], options, how);
    return new RowsApart(model, options, how);
  }

  /** An engine fails for a whole call. So a call that fails is tried again in halves, until those that are to blame are alone. */
  async generate(texts: readonly string[]): Promise<(readonly GeneratedText[] | RowError)[]> {
    if (texts.length === 0) return [];
    try {
      const { results } = await this.model.generateTexts(texts, this.options, this.how);
      const perText = results.length / texts.length;
      if (perText === 1) return results.map((result) => [result]);
      return texts.map((_, index) => results.slice(index * perText, (index + 1) * perText));
    } catch (error) {
      if (this.how.signal?.aborted) throw error;
      if (texts.length === 1) return [{ error: error instanceof Error ? error.message : String(error) }];
      const middle = texts.length >> 1;
      return [...(await this.generate(texts.slice(0, middle))), ...(await this.generate(texts.slice(middle)))];
    }
  }
}
