import { describe, expect, it } from 'vitest';
import { clock, describe as describeWork, fitting, rate, type WorkDone } from '../../src/cli/progress.js';
import { jobRecord, summaryBlock } from '../../src/cli/record.js';
import { size } from '../../src/cli/sizes.js';

describe('a line of progress', () => {
  it.each<[WorkDone, number | undefined, number, string]>([
    [{ done: 0 }, 500, 1, '0 of 500 rows'],
    [{ done: 0 }, undefined, 1, '0 rows'],
    [{ done: 120 }, 500, 10, '120 of 500 rows, 12 rows/s, 0:32 left'],
    [{ done: 120, tokens: 60000 }, undefined, 10, '120 rows, 12 rows/s, 6,000 tokens/s'],
    [
      { done: 12000, tokens: 5, truncated: 3, failed: 1 },
      4_000_000,
      3,
      '12,000 of 4,000,000 rows, 4,000 rows/s, 1.67 tokens/s, 16:37 left, 3 truncated, 1 failed',
    ],
    [{ done: 500 }, 500, 10, '500 of 500 rows, 50 rows/s'],
    [{ done: 1 }, 100_000, 1, '1 of 100,000 rows, 1 rows/s, 27:46:39 left'],
  ])('%j of %s after %d s', (work, total, seconds, line) => {
    expect(describeWork(work, 'rows', total, seconds)).toBe(line);
  });

  it.each([
    [0.0123, '0.0123'],
    [8.349, '8.35'],
    [99.94, '99.9'],
    [1234.5, '1,235'],
  ])('rounds %d', (value, text) => expect(rate(value)).toBe(text));

  it.each([
    [0.2, '0:01'],
    [59.5, '1:00'],
    [3600, '1:00:00'],
  ])('tells %d s as a clock does', (seconds, text) => expect(clock(seconds)).toBe(text));

  it.each([
    [0, '0.0 kB'],
    [99_999, '100.0 kB'],
    [5e8, '500.0 MB'],
    [2.5e10, '25.0 GB'],
  ])('tells %d bytes', (bytes, text) => expect(size(bytes)).toBe(text));
});

it.each<[number | undefined, number]>([
  [20, 19],
  [0, 79],
  [undefined, 79],
  [200, 100],
])('of a bar of 100 characters a terminal of %s columns shows %d', (columns, shown) => {
  expect(fitting('#'.repeat(100), columns)).toBe('#'.repeat(shown));
});

describe('the summary of a job', () => {
  const stats = {
    texts: 997,
    rows: 1000,
    nulls: 2,
    duplicates: 1,
    inputTokens: 40000,
    outputTokens: 3000,
    truncated: 4,
    failed: 2,
    failures: [
      { row: 7, reason: 'too long' },
      { row: 9, reason: 'odd' },
    ],
    chunks: 1000,
    seconds: 10,
    retries: [
      'partition 3, attempt 2: worker 1 exited with code 1',
      'partition 3, attempt 3: the engine host was killed by SIGSEGV',
      'partition 8, attempt 2: worker 1 exited with code 1',
    ],
    hostPeakBytes: 2 ** 40,
    workers: 2,
    precision: 'int8',
  };
  const described = {
    model: './t5-small',
    input: 'in.csv',
    output: 'main.default.out',
    version: 3,
    text: 'body',
    column: 'short',
    rows: 1000,
    options: {},
  };

  it('names retries by their causes, failed rows by their numbers', () => {
    const block = summaryBlock(jobRecord(described, stats, 10));
    expect(block.replace(/^peak memory.*\n/m, '')).toBe(`model          ./t5-small, int8
rows           1,000 in 10 s (100 rows/s, 2 workers)
input tokens   40,000 (4,000 tokens/s)
output tokens  3,000 (300 tokens/s)
nulls          2 rows without a text
duplicates     1 row took the answer of an equal text
truncated      4 rows
failed         2 rows
               row 7: too long
               row 9: odd
retries        3
               2 times: worker 1 exited with code 1
               the engine host was killed by SIGSEGV
output         main.default.out, version 3 (column short)
`);
  });

  it('adds up the memory of both processes', () => {
    const { peak_memory_bytes, engine_peak_memory_bytes } = jobRecord(described, stats, 10);
    expect(engine_peak_memory_bytes).toBe(2 ** 40);
    expect(peak_memory_bytes).toBeGreaterThan(2 ** 40);
    const alone = jobRecord(described, { ...stats, hostPeakBytes: null }, 0);
    expect(alone).toMatchObject({ engine_peak_memory_bytes: null, rows_per_second: 0 });
  });
});
