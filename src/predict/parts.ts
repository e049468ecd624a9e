import type { Engine } from '../engine/index.js';
import type { Tokenizer } from '../text/types.js';

/** A tokenizer, an engine and the prefix of the task, however the model is run. */
export interface ModelParts {
  readonly engine: Engine;
  readonly tokenizer: Tokenizer;
  readonly precision: string;
  readonly taskSpecificParams: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
