import { describe, expect, it } from 'vitest';
import { T5_SMALL } from '../../bench/models.js';
import { meanOperations, operationsPerDocument } from '../../src/measure/operations.js';

/** Two wide, one layer each, a vocabulary of 10: small enough to count by hand. */
const TINY = { dModel: 2, inner: 2, dFf: 3, encoderLayers: 1, decoderLayers: 1, vocabSize: 10 };

describe('operationsPerDocument', () => {
  it('counts what a hand counts', () => {
    // Encoder, 4 tokens: projections 4 * (4 * 4) = 64, feed-forward 4 * 12 = 48, attention 2 * 16 * 2 = 64; cross keys and values 2 * 4 * 4 = 32.
    expect(operationsPerDocument(TINY, 4, 3).encoder).toBe(2 * (64 + 48 + 64 + 32));
    // Decoder, 3 tokens: projections 3 * (6 * 4) = 72, feed-forward 3 * 12 = 36, cross attention 3 * 2 * 4 * 2 = 48,
    // self attention 2 * (1 + 2 + 3) * 2 = 24, head 3 * 2 * 10 = 60.
    expect(operationsPerDocument(TINY, 4, 3).decoder).toBe(2 * (72 + 36 + 48 + 24 + 60));
  });

  it('counts the decoder once a beam, the encoder once', () => {
    const one = operationsPerDocument(TINY, 4, 3);
    expect(operationsPerDocument(TINY, 4, 3, 4)).toEqual({ encoder: one.encoder, decoder: 4 * one.decoder });
  });

  it('comes to about 26 GOP for T5-small, 430 tokens in and 60 out', () => {
    const { encoder, decoder } = operationsPerDocument(T5_SMALL, 430, 60);
    expect((encoder + decoder) / 1e9).toBeCloseTo(26.2, 1);
  });

  it('averages operations, not lengths', () => {
    const mean = meanOperations(TINY, [2, 6], 3, 1);
    const ends = [2, 6].map((length) => operationsPerDocument(TINY, length, 3).encoder);
    expect(mean.encoder).toBe((ends[0] + ends[1]) / 2);
    expect(mean.encoder).toBeGreaterThan(operationsPerDocument(TINY, 4, 3).encoder);
  });
});
