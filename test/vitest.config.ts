import { defineConfig } from 'vitest/config';

/** Where .ci/run wants the runner's own totals. */
const report = process.env.PRECIS_TEST_REPORT;

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts'],
    // Native sessions must not share a process with a worker pool that is torn down under them.
    pool: 'forks',
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
