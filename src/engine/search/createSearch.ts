import type { ModelConfig } from '../../checkpoint/types.js';
import { PrecisError } from '../../errors.js';
import { BeamSearch } from './beam.js';
import { GreedySearch } from './greedy.js';
import type { ResolvedOptions } from './resolvedOptions.js';
import { SamplingSearch } from './sampling.js';
import type { Search } from './search.js';
import { type Decode, StopStrings } from './stopStrings.js';

/** The search of one document. `decode` is only needed for stop strings. */
export function createSearch(
  options: ResolvedOptions,
  config: ModelConfig,
  input: { readonly ids: Int32Array },
  decode?: Decode,
): Search {
  const setup = { options, config, inputIds: input.ids, stopStrings: stopStringsOf(options, decode) };
  if (options.doSample) return new SamplingSearch(setup);
  return options.numBeams > 1 ? new BeamSearch(setup) : new GreedySearch(setup);
}

function stopStringsOf(options: ResolvedOptions, decode: Decode | undefined): StopStrings | null {
  if (options.stopStrings.length === 0) return null;
  if (!decode) {
    throw new PrecisError('generation', {
      found: 'stopStrings without a tokenizer',
      expected: 'a tokenizer to look for them in the text',
      action: 'load the model with its tokenizer',
    });
  }
  return new StopStrings(options.stopStrings, decode);
}
