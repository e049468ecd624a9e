import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Field, Int32, Int64, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { afterAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/engine/search/random.js';
import { cacheStats, clearCache } from '../../src/jobs/cache/cacheStats.js';
import { type AnswerCacheOptions, openAnswerCache } from '../../src/jobs/cache/openAnswerCache.js';
import { allColumns } from '../../src/jobs/carry/compose.js';
import { batchFromRows } from '../../src/table/fromRows.js';
import { scratchFolder } from '../table/textFiles.js';
import { answerOf, detailsOf, knownValues, TEXT_DETAILS } from './answers.js';

const scratch = scratchFolder();
const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) spawnSync('umount', [folder]);
});

function batch(texts: readonly (string | null)[]): RecordBatch {
  const schema = new Schema([new Field('document', new Utf8(), true)]);
  return batchFromRows(
    texts.map((document) => ({ document })),
    schema,
  );
}

function opened(root: string, more: Partial<AnswerCacheOptions> = {}) {
  const warnings: string[] = [];
  const warn = (line: string) => warnings.push(line);
  const cache = openAnswerCache({
    ...{ root, namespace: 'shared', details: TEXT_DETAILS, texts: ['document'], maxBytes: 2 ** 30, warn },
    ...more,
  });
  const teach = (texts: readonly (string | null)[], truncated = false) =>
    cache.learn(batch(texts), new Uint8Array(texts.length).fill(1), [detailsOf(texts.map(answerOf), truncated)]);
  const ask = async (texts: readonly (string | null)[]) => knownValues(await cache.lookup(batch(texts)));
  return { cache, warnings, teach, ask };
}

/** So many texts, of which no two are equal. */
function texts(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => `text ${from + i}`);
}

const ALIKE = ['caf\u00e9', 'cafe\u0301', '\ufeffcaf\u00e9', 'caf\u00e9 ', '', ' ', '\u0000', '👩‍👩‍👧', '👩👩👧'];

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(path.join(root, name)).isFile())
    .map((name) => path.join(root, name))
    .sort();
}

describe('the cache of answers', () => {
  it('gives back what it was taught, at once and after it was closed, and nothing else', async () => {
    const root = scratch('plain');
    const first = opened(root);
    expect(await first.ask([])).toEqual([]);
    expect(await first.ask(ALIKE)).toEqual(ALIKE.map(() => undefined));
    await first.teach([...ALIKE, null, ...ALIKE]);
    await first.teach(texts(0, 1000), true);
    const asked = ['unknown', ...texts(990, 1003), ...ALIKE, null];
    const expected = asked.map((text) =>
      text !== null && ['unknown', 'text 1000', 'text 1001', 'text 1002'].includes(text) ? undefined : answerOf(text),
    );
    expect(await first.ask(asked)).toEqual(expected);
    await first.cache.close();
    const second = opened(root);
    expect(await second.ask(asked)).toEqual(expected);
    expect(second.cache.entries).toBe(ALIKE.length + 1 + 1000);
    const { details } = await second.cache.lookup(batch(['text 1', 'unknown', '']));
    const shown = new Schema([new Field('d', details[0].type, true)]);
    expect(
      shown.fields[0].type.children.map((field: Field, i: number) => [field.name, details[0].children[i].getValid(0)]),
    ).toEqual([
      ...[
        ['value', true],
        ['error', false],
        ['input_tokens', false],
        ['output_tokens', false],
        ['truncated', true],
      ],
    ]);
    const truncated = details[0].children[4];
    expect(
      [0, 2].map((row) => (truncated.values[(truncated.offset + row) >> 3] >> ((truncated.offset + row) & 7)) & 1),
    ).toEqual([1, 0]);
    expect([first.warnings, second.warnings]).toEqual([[], []]);
  });

  it('keeps rows without a mark out', async () => {
    const { cache, ask } = opened(scratch('mask'));
    await cache.learn(batch(['a', 'b']), Uint8Array.of(0, 1), [detailsOf(['A', 'B'])]);
    expect(await ask(['a', 'b'])).toEqual([undefined, 'B']);
  });

  it('tells namespaces apart, and kinds of input', async () => {
    const root = scratch('namespaces');
    const one = opened(root, { namespace: 'model 1' });
    await one.teach(['a']);
    await one.cache.close();
    expect(await opened(root, { namespace: 'model 2' }).ask(['a'])).toEqual([undefined]);
    expect(await opened(root, { namespace: 'model 1' }).ask(['a'])).toEqual([answerOf('a')]);
    const numbers = (type: Int32 | Int64, value: number | bigint) =>
      batchFromRows([{ document: value }], new Schema([new Field('document', type, true)]));
    const module = opened(root, { namespace: 'module' });
    await module.cache.learn(numbers(new Int32(), 5), Uint8Array.of(1), [detailsOf(['five'])]);
    await module.cache.close();
    const ask = async (rows: RecordBatch) =>
      knownValues(await opened(root, { namespace: 'module' }).cache.lookup(rows));
    expect(await ask(numbers(new Int32(), 5))).toEqual(['five']);
    expect(await ask(numbers(new Int64(), 5n))).toEqual([undefined]);
  });

  it('knows a row of several columns if all of them do', async () => {
    const root = scratch('columns');
    const parts = ['a', 'b'].map((namespace) => opened(root, { namespace }));
    const all = allColumns(parts.map(({ cache }) => cache));
    await parts[0].teach(['one', 'two']);
    await parts[1].teach(['two', 'three']);
    const known = await all.lookup(batch(['one', 'two', 'three']));
    for (const details of known.details)
      expect(knownValues(known, details)).toEqual([undefined, answerOf('two'), undefined]);
    await all.learn(batch(['four']), Uint8Array.of(1), [detailsOf(['4a']), detailsOf(['4b'])]);
    const four = await all.lookup(batch(['four']));
    expect(four.details.map((details) => knownValues(four, details))).toEqual([['4a'], ['4b']]);
  });

  it('takes at most 27 bytes of memory an entry', async () => {
    const { cache, teach } = opened(scratch('memory'));
    for (let at = 0; at < 40_000; at += 5000) await teach(texts(at, at + 5000));
    expect(cache.indexBytes).toBeLessThan(40_000 * 27 + 1_048_576);
  });
});

describe('the oldest files', () => {
  it('go first, whatever process wrote them', async () => {
    const root = scratch('eviction');
    const writers = [opened(root, { flushBytes: 1 }), opened(root, { flushBytes: 1, namespace: 'other' })];
    for (let i = 0; i < 4; i++) await writers[i % 2].teach(texts(i * 100, i * 100 + 100));
    for (const [i, file] of filesByNumber(root).entries()) utimesSync(file, 1000 + i, 1000 + i);
    const one = statSync(filesIn(root)[0]).size;
    // Room for three and a half: the new one and the two newest of the four.
    const third = opened(root, { flushBytes: 1, maxBytes: Math.floor(one * 3.5) });
    expect(filesIn(root)).toHaveLength(3);
    await third.teach(texts(400, 500));
    expect(cacheStats(root).bytes).toBeLessThanOrEqual(one * 3.5);
    const answers = async (namespace: string, numbers: string[]) =>
      (await opened(root, { namespace }).ask(numbers)).map((value) => value !== undefined);
    expect(await answers('shared', ['text 0', 'text 200', 'text 400'])).toEqual([false, true, true]);
    expect(await answers('other', ['text 100', 'text 300'])).toEqual([false, true]);
    // Whoever still has an index of what is gone misses it, without a word.
    expect(await writers[0].ask(['text 0', 'text 200'])).toEqual(
      [answerOf('text 0'), answerOf('text 200')].map((value, i) => (i ? value : undefined)),
    );
    expect(writers[0].warnings).toEqual([]);
    // And learns it again.
    await writers[0].teach(['text 0']);
    expect(await opened(root).ask(['text 0'])).toEqual([answerOf('text 0')]);
  });

  /** As they were written: names sort by time only within a namespace. */
  function filesByNumber(root: string): string[] {
    return filesIn(root).sort((a, b) => (path.basename(a) < path.basename(b) ? -1 : 1));
  }
});

describe('a flipped byte', () => {
  it('anywhere in a file never gives a wrong answer', async () => {
    const root = scratch('flipped');
    const known = texts(0, 600);
    const writer = opened(root);
    await writer.teach(known);
    await writer.cache.close();
    const [file] = filesIn(root);
    const whole = readFileSync(file);
    const random = createRandom(6, new Int32Array(), 0);
    let dropped = 0;
    for (let i = 0; i < 60; i++) {
      const damaged = Buffer.from(whole);
      const at = Math.floor(random() * whole.length);
      damaged[at] ^= 1 << Math.floor(random() * 8);
      writeFileSync(file, damaged);
      const { ask, warnings } = opened(root);
      const found = await ask(known);
      found.forEach((value, row) => {
        if (value !== undefined) expect(value).toBe(answerOf(known[row]));
      });
      expect(warnings.length, `byte ${at}`).toBeLessThanOrEqual(1);
      if (warnings.length === 1) expect(warnings[0]).toMatch(/\.answers is damaged and was dropped; the job goes on/);
      dropped += Number(filesIn(root).length === 0);
    }
    // Only a version that is later than ours is left alone.
    expect(dropped).toBeGreaterThanOrEqual(58);
    for (const length of [0, 31, 100, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      const { ask, warnings } = opened(root);
      expect(await ask(known.slice(0, 2))).toEqual([undefined, undefined]);
      expect(warnings).toHaveLength(1);
    }
  });
});

describe('a folder that cannot be used', () => {
  function disk(name: string, options: string): string | null {
    const folder = scratch(name, undefined);
    mkdirSync(folder);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
    if (status !== 0) {
      console.log(`skipped: this user may not mount a file system (${name})`);
      return null;
    }
    mounted.push(folder);
    return folder;
  }

  async function goesOn(root: string, message: RegExp): Promise<void> {
    const { cache, teach, ask, warnings } = opened(root, { flushBytes: 1 });
    for (let i = 0; i < 3; i++) await teach(texts(i * 1000, i * 1000 + 1000));
    expect(await ask(['text 2999'])).toEqual([undefined]);
    await cache.close();
    expect(warnings).toEqual([expect.stringMatching(message)]);
  }

  it('because it is full: one warning, and what fitted is there', async (test) => {
    const root = disk('full', 'size=150k');
    if (!root) return test.skip();
    await goesOn(root, /^the cache of answers: .* cannot be written \(ENOSPC\); the job goes on/);
    expect(await opened(root).ask(['text 5'])).toEqual([answerOf('text 5')]);
    expect(filesIn(root).every((file) => file.endsWith('.answers'))).toBe(true);
  });

  it('because it is read-only: one warning, and what is there is used', async (test) => {
    const root = disk('locked', 'size=1m');
    if (!root) return test.skip();
    const before = opened(root);
    await before.teach(['before']);
    await before.cache.close();
    expect(spawnSync('mount', ['-o', 'remount,ro', root]).status).toBe(0);
    await goesOn(root, /cannot be written \(EROFS\)/);
    expect(await opened(root).ask(['before'])).toEqual([answerOf('before')]);
    expect(clearCache({ root })).toEqual({ files: 0, bytes: 0, left: 1 });
  });

  it('because a file stands in its place: one warning', async () => {
    await goesOn(path.join(scratch('file', 'x'), 'answers'), /cannot be (read|written) \(ENOTDIR\)/);
  });
});

const CHILD = path.join(import.meta.dirname, 'cacheProcess.mjs');

describe('processes', () => {
  it('that learn and look up at once agree', async () => {
    const root = scratch('two');
    const children = [0, 10].map((first) =>
      spawn(process.execPath, [CHILD, root, `${first}`, '20'], { stdio: 'pipe' }),
    );
    const ends = await Promise.all(
      children.map(async (child) => {
        const said: string[] = [];
        createInterface(child.stdout).on('line', (line) => said.push(line));
        const [code] = await once(child, 'close');
        return { code, warnings: said.filter((line) => line.startsWith('warning')) };
      }),
    );
    expect(ends).toEqual([0, 10].map(() => ({ code: 0, warnings: [] })));
    const all = texts(0, 600);
    expect(await opened(root).ask(all)).toEqual(all.map(answerOf));
  });

  it('that are killed while they learn lose nothing that was learnt', async () => {
    const root = scratch('killed');
    const random = createRandom(9, new Int32Array(), 0);
    for (let kill = 0; kill < 6; kill++) {
      const child = spawn(process.execPath, [CHILD, root, `${kill * 1000}`, '1000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const last = 2 + Math.floor(random() * 12);
      let learnt = -1;
      let lines = 0;
      createInterface(child.stdout).on('line', (line) => {
        if (line.startsWith('learnt')) learnt = Number(line.split(' ')[1]);
        // In the middle of the work that follows the line: spinning takes the child to any point of it.
        if (++lines === last) {
          for (let spin = random() * 3e6; spin > 0; spin--);
          child.kill('SIGKILL');
        }
      });
      await once(child, 'close');
      const { ask, warnings } = opened(root);
      const sure = texts(kill * 20_000, (learnt + 1) * 20);
      expect(sure.length).toBeGreaterThan(0);
      expect(await ask(sure)).toEqual(sure.map(answerOf));
      expect(warnings).toEqual([]);
      expect(filesIn(root).filter((file) => !file.endsWith('.answers'))).toEqual([]);
    }
  });
});

describe('stats and clearing', () => {
  it('count what is there, and remove what is old', async () => {
    const root = scratch('stats');
    expect(cacheStats(root)).toMatchObject({
      files: 0,
      entries: 0,
      bytes: 0,
      oldest: null,
      newest: null,
      namespaces: [],
    });
    const one = opened(root, { flushBytes: 1 });
    await one.teach(texts(0, 30));
    await one.teach(texts(30, 35));
    const other = opened(root, { namespace: 'other' });
    await other.teach(['x']);
    await other.cache.close();
    const bytes = filesIn(root).reduce((sum, file) => sum + statSync(file).size, 0);
    const stats = cacheStats(root);
    expect(stats).toMatchObject({ files: 3, entries: 36, bytes });
    expect(stats.namespaces.map(({ namespace, files, entries }) => ({ namespace, files, entries }))).toEqual([
      { namespace: 'shared', files: 2, entries: 35 },
      { namespace: 'other', files: 1, entries: 1 },
    ]);
    const folder = stats.namespaces[0].folder;
    const [old] = filesIn(folder);
    const tenDaysAgo = Date.now() / 1000 - 10 * 86_400;
    utimesSync(old, tenDaysAgo, tenDaysAgo);
    expect(Math.round(cacheStats(root).oldest!.getTime() / 1000)).toBe(Math.round(tenDaysAgo));
    expect(clearCache({ root, olderThanDays: 11 })).toMatchObject({ files: 0, left: 0 });
    expect(clearCache({ root, olderThanDays: 9 })).toMatchObject({ files: 1, left: 0 });
    closeSync(openSync(path.join(folder, '.writing-elsewhere-1-0123456789ab'), 'w'));
    expect(clearCache({ root })).toMatchObject({ files: 2, left: 0 });
    expect(filesIn(root)).toHaveLength(1);
    // A folder that went away under a writer is made again.
    await one.teach(['again']);
    expect(await opened(root).ask(['again'])).toEqual([answerOf('again')]);
  });
});
