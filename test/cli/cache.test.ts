import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { answerFiles } from '../../src/jobs/cache/answerFolder.js';
import { cacheStats } from '../../src/jobs/cache/cacheStats.js';
import { openAnswerCache } from '../../src/jobs/cache/openAnswerCache.js';
import { batchFromRows } from '../../src/table/fromRows.js';
import { detailsOf, TEXT_DETAILS } from '../jobs/answers.js';
import { precisWith } from './precis.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-cache-'));
const precis = precisWith(path.join(scratch, 'home'));
const root = path.join(scratch, 'home', 'cache', 'answers');
afterAll(() => rmSync(scratch, { recursive: true }));

async function teach(namespace: string, texts: readonly string[]): Promise<void> {
  const warn = (line: string) => expect.unreachable(line);
  const cache = openAnswerCache({ root, namespace, details: TEXT_DETAILS, texts: ['document'], warn });
  const rows = batchFromRows(texts.map((document) => ({ document })));
  await cache.learn(rows, new Uint8Array(texts.length).fill(1), [detailsOf(texts)]);
  await cache.close();
}

it('precis cache stats and clear', async () => {
  expect(precis(['cache', 'stats'])).toMatchObject({
    ...{ status: 0, stderr: '' },
    stdout: expect.stringMatching(/^ +0 answers +0\.0 kB +- to - .* of at most 2147\.5 MB in .*answers\n$/),
  });
  await teach('a model', ['a', 'b']);
  await teach('another model', ['c']);
  const [old] = answerFiles(root);
  utimesSync(old.path, 1e9, 1e9);
  const { status, stdout } = precis(['cache', 'stats', '--json']);
  const { bytes, namespaces } = cacheStats(root);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ dir: root, max_bytes: 2 ** 31, entries: 3, files: 2, bytes, oldest: '2001-09-09T01:46:40.000Z' },
    namespaces: namespaces.map((one) => ({
      namespace: one.namespace,
      entries: one.entries,
      files: 1,
      bytes: one.bytes,
    })),
  });
  expect(precis(['cache', 'stats']).stdout).toMatch(/ 2 answers .* 2001-09-09 to 2001-09-09 +a model\n/);

  expect(JSON.parse(precis(['cache', 'clear', '--older-than', '30', '--json']).stdout)).toEqual({
    ...{ files: 1, bytes: old.bytes, left: 0 },
  });
  expect(precis(['cache', 'clear'])).toMatchObject({
    ...{ status: 0, stderr: '' },
    stdout: expect.stringMatching(/^removed 1 file of answers, /),
  });
  expect(cacheStats(root).files).toBe(0);
});

it.each<[string[], RegExp]>([
  [['cache'], /precis cache is no command by itself/],
  [['cache', 'clear', '--older-than', '-1'], /--older-than/],
  [['cache', 'stats', 'all'], /precis cache stats all, expected no arguments/],
])('%j is wrong usage', (args, message) => {
  expect(precis(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
});

it('a bound that is no number is wrong usage', () => {
  const wrong = precisWith(path.join(scratch, 'home'), { PRECIS_ANSWER_CACHE_BYTES: '2GB' });
  expect(wrong(['cache', 'stats'])).toMatchObject({
    status: 2,
    stderr: 'precis: [usage] PRECIS_ANSWER_CACHE_BYTES is "2GB", expected a whole number of bytes of at least 1\n',
  });
});
