import { afterEach, describe, expect, it } from 'vitest';
import { watchSilence } from '../../src/pool/silence.js';
import { until } from './pools.js';

const SECONDS = 0.2;
const STEP_MS = 20;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Looks and silences, as they come. */
function watched(signs: () => number): string[] {
  const seen: string[] = [];
  stops.push(
    watchSilence({
      seconds: SECONDS,
      signs,
      onSilence: (seconds) => seen.push(`silent for ${seconds}`),
      onLook: () => seen.push('look'),
    }),
  );
  return seen;
}

describe('watching for silence', () => {
  it('tells of it once, and looks no further', async () => {
    const seen = watched(() => 1);
    await until(() => seen.includes('silent for 0.2'));
    const { length } = seen;
    await new Promise((resolve) => setTimeout(resolve, 5 * STEP_MS));
    expect(seen).toHaveLength(length);
    expect(seen.at(-1)).toBe('silent for 0.2');
  });

  it('does not count the time before a sign', async () => {
    let looks = 0;
    const seen = watched(() => 1 + looks++);
    await until(() => seen.length >= 30);
    expect(new Set(seen)).toEqual(new Set(['look']));
  });

  it('does not count the time in which it stood still itself', async () => {
    const seen = watched(() => 1);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5 * SECONDS * 1000);
    await until(() => seen.includes('silent for 0.2'));
    // No look counts for more than two steps: with the one after the pause it takes five at least.
    expect(seen.indexOf('silent for 0.2')).toBeGreaterThanOrEqual((SECONDS * 1000) / (2 * STEP_MS));
  });

  it('has patience until the first sign', async () => {
    let signs = 0;
    const seen = watched(() => signs);
    await until(() => seen.length >= 30);
    expect(new Set(seen)).toEqual(new Set(['look']));
    signs = 1;
    await until(() => seen.includes('silent for 0.2'));
  });
});
