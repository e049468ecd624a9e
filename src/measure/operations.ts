/** The dimensions that decide how much work a document is. */
export interface Dimensions {
  readonly dModel: number;
  /** Heads times the width of a head. */
  readonly inner: number;
  readonly dFf: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly vocabSize: number;
}

export interface Operations {
  readonly encoder: number;
  readonly decoder: number;
}

/**
 * Operations (a multiplication and an addition are two) that the products of one document take: the encoder and the keys and
 * values of cross attention once, the decoder once a new token and beam. Everything elementwise is left out.
 */
export function operationsPerDocument(d: Dimensions, inputTokens: number, newTokens: number, beams = 1): Operations {
  const feedForward = 2 * d.dModel * d.dFf;
  const projection = d.dModel * d.inner;
  const encoderLayer = inputTokens * (4 * projection + feedForward) + 2 * inputTokens * inputTokens * d.inner;
  const crossKeysAndValues = 2 * inputTokens * projection;
  // Self attention at step t sees t positions: 1 + 2 + ... + newTokens.
  const selfPositions = (newTokens * (newTokens + 1)) / 2;
  const decoderLayer =
    newTokens * (6 * projection + feedForward + 2 * inputTokens * d.inner) + 2 * selfPositions * d.inner;
  const head = newTokens * d.dModel * d.vocabSize;
  return {
    encoder: 2 * (d.encoderLayers * encoderLayer + d.decoderLayers * crossKeysAndValues),
    decoder: 2 * beams * (d.decoderLayers * decoderLayer + head),
  };
}

/** The mean over documents: attention grows with the square of a length, so the mean length would not do. */
export function meanOperations(
  d: Dimensions,
  lengths: readonly number[],
  newTokens: number,
  beams: number,
): Operations {
  const parts = lengths.map((length) => operationsPerDocument(d, length, newTokens, beams));
  const mean = (pick: (part: Operations) => number) => parts.reduce((sum, part) => sum + pick(part), 0) / parts.length;
  return { encoder: mean((part) => part.encoder), decoder: mean((part) => part.decoder) };
}
