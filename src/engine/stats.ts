/** Milliseconds by phase and counts, summed since the engine was opened. */
export interface EngineStats {
  tokenizeMs: number;
  encodeMs: number;
  /** Moving new keys and values into the caches, building masks, squeezing out dead slots. */
  copyMs: number;
  decodeMs: number;
  /** The searches: processors, choosing, bookkeeping. */
  selectMs: number;
  documents: number;
  inputTokens: number;
  outputTokens: number;
  decoderSteps: number;
  decoderRows: number;
}

export function newStats(): EngineStats {
  return {
    tokenizeMs: 0,
    encodeMs: 0,
    copyMs: 0,
    decodeMs: 0,
    selectMs: 0,
    documents: 0,
    inputTokens: 0,
    outputTokens: 0,
    decoderSteps: 0,
    decoderRows: 0,
  };
}
