import type { GenerationOptions } from '../src/engine/index.js';

/**
 * What every side is told, so that no side takes over what a model's own generation settings say. Beams end as soon as there are enough
 * finished ones: CTranslate2 has no other way.
 */
export function plainSearch(numBeams: number): GenerationOptions {
  const search = { numBeams, noRepeatNgramSize: 0, repetitionPenalty: 1 };
  return numBeams === 1 ? search : { ...search, lengthPenalty: 1, earlyStopping: true };
}
