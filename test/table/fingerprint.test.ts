import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { compareFingerprints, type FileFingerprint, fingerprint } from '../../src/table/fingerprint.js';
import { readTable, tableFromRows } from '../../src/table/open.js';

const scratch = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'precis-fingerprint-')));
afterAll(() => fs.rmSync(scratch, { recursive: true }));
let number = 0;
let folder = '';
const file = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = path.join(scratch, String(number++));
  fs.mkdirSync(folder);
  for (const name of ['a.csv', 'b.csv', 'c.csv']) fs.writeFileSync(file(name), `id,text\n1,${name}\n2,\n`);
});

const ALL = () => fs.readdirSync(folder).sort().map(file);
const look = (known?: readonly FileFingerprint[]) => fingerprint({ files: ALL() }, { known });
const changes = (old: readonly FileFingerprint[], now: readonly FileFingerprint[]) =>
  compareFingerprints(old, now).map(({ file, ...rest }) => ({ file: path.basename(file), ...rest }));
const A_TIME = new Date(1e12);
/** As a whole, by a program that can disagree with us. */
const sha256 = (name: string) => spawnSync('sha256sum', [file(name)], { encoding: 'utf8' }).stdout.slice(0, 64);

describe('files up to 64 MB', () => {
  it('are told by size, time and the SHA-256 of all bytes', async () => {
    const found = await look();
    expect(found.map(({ file }) => file)).toEqual(ALL());
    const { size, mtimeNs } = fs.statSync(file('b.csv'), { bigint: true });
    expect(found[1]).toMatchObject({
      size: Number(size),
      modified: String(mtimeNs),
      hash: sha256('b.csv'),
      whole: true,
    });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(changes(found, await look())).toEqual([]);
  });

  it.each<[string, () => void, unknown[]]>([
    ['touched', () => fs.utimesSync(file('b.csv'), A_TIME, A_TIME), []],
    ['copied over by itself', () => fs.writeFileSync(file('b.csv'), fs.readFileSync(file('b.csv'))), []],
    ['given other permissions', () => fs.chmodSync(file('b.csv'), 0o600), []],
    [
      'truncated',
      () => fs.truncateSync(file('b.csv'), 9),
      [{ file: 'b.csv', what: 'changed', found: '9 bytes', expected: '19 bytes' }],
    ],
    [
      'removed',
      () => fs.rmSync(file('b.csv')),
      [{ file: 'b.csv', what: 'missing', found: 'no file', expected: '19 bytes' }],
    ],
    [
      'added',
      () => fs.writeFileSync(file('d.csv'), 'id\n1\n'),
      [{ file: 'd.csv', what: 'new', found: '5 bytes', expected: 'no file' }],
    ],
    [
      'renamed',
      () => fs.renameSync(file('b.csv'), file('z.csv')),
      [
        { file: 'b.csv', what: 'missing', found: 'no file', expected: '19 bytes' },
        { file: 'z.csv', what: 'new', found: '19 bytes', expected: 'no file' },
      ],
    ],
  ])('%s', async (_, act, expected) => {
    const old = await look();
    act();
    expect(changes(old, await look())).toEqual(expected);
    expect(changes(old, await look(old))).toEqual(expected);
  });

  it.each([
    ['edited in place', (content: string) => fs.writeFileSync(file('b.csv'), content)],
    [
      'replaced',
      (content: string) => {
        fs.writeFileSync(file('new'), content);
        fs.renameSync(file('new'), file('b.csv'));
      },
    ],
  ])('%s, with the old size and time', async (_, act) => {
    const old = await look();
    const { atime, mtime } = fs.statSync(file('b.csv'));
    const before = sha256('b.csv');
    act('id,text\n1,B.csv\n2,\n');
    fs.utimesSync(file('b.csv'), atime, mtime);
    const expected = [
      {
        file: 'b.csv',
        what: 'changed',
        found: `SHA-256 ${sha256('b.csv').slice(0, 16)}...`,
        expected: `SHA-256 ${before.slice(0, 16)}...`,
      },
    ];
    expect(changes(old, await look())).toEqual(expected);
    // What is known of a file is not taken for what it is now.
    expect(changes(old, await look(old))).toEqual(expected);
  });

  it('that nothing has touched are not read again', async () => {
    const old = await look();
    const marked = old.map((print) => ({ ...print, hash: 'of before' }));
    expect((await look(marked)).map(({ hash }) => hash)).toEqual(['of before', 'of before', 'of before']);
    fs.utimesSync(file('a.csv'), A_TIME, A_TIME);
    expect((await look(marked)).map(({ hash }) => hash)).toEqual([old[0].hash, 'of before', 'of before']);
  });
});

describe('larger files', () => {
  const SIZE = 3 * 1024 ** 3;
  /** A hole of 3 GB: it takes no room. */
  const makeLarge = () => fs.truncateSync(file('a.csv'), SIZE);
  function edit(position: number): void {
    const { atime, mtime } = fs.statSync(file('a.csv'));
    const handle = fs.openSync(file('a.csv'), 'r+');
    fs.writeSync(handle, 'x', position);
    fs.closeSync(handle);
    fs.utimesSync(file('a.csv'), atime, mtime);
  }

  it('are told by a sample of their bytes, of which the beginning and the end are part', async () => {
    makeLarge();
    const old = await look();
    expect(old[0]).toMatchObject({ size: SIZE, whole: false });
    expect(changes(old, await look())).toEqual([]);
    let before = old;
    for (const position of [0, 1024 ** 2 - 1, SIZE - 1024 ** 2, SIZE - 1]) {
      edit(position);
      const now = await look(before);
      expect(changes(before, now)).toMatchObject(
        [{ file: 'a.csv', what: 'changed', found: /^SHA-256/ }].map(({ found, ...rest }) => ({
          ...rest,
          found: expect.stringMatching(found),
        })),
      );
      before = now;
    }
  });

  it('that were touched count as changed: nobody knows of the bytes between', async () => {
    makeLarge();
    fs.utimesSync(file('a.csv'), A_TIME, A_TIME);
    const old = await look();
    const later = new Date(A_TIME.getTime() + 5000);
    fs.utimesSync(file('a.csv'), later, later);
    expect(changes(old, await look(old))).toEqual([
      {
        file: 'a.csv',
        what: 'changed',
        found: 'modified 2001-09-09T01:46:45.000Z',
        expected: 'modified 2001-09-09T01:46:40.000Z',
      },
    ]);
  });
});

it('the files of tables, derived ones too; none of rows in memory', async () => {
  const table = await readTable(folder);
  expect((await fingerprint(table.limit(1).select('id'))).map(({ file }) => file)).toEqual(ALL());
  fs.writeFileSync(file('t.txt'), 'text');
  const texts = await readTable(folder, { format: 'text' });
  expect((await fingerprint(texts)).map(({ file }) => file)).toEqual([file('t.txt')]);
  expect(await fingerprint(tableFromRows([{ id: 1 }]))).toEqual([]);
});

describe('a Delta table', () => {
  it('is pinned by its version, and its data files by names and sizes', async () => {
    const location = file('delta');
    const rows = tableFromRows([{ id: 1 }]);
    await rows.write(location, { format: 'delta' });
    const old = await fingerprint(await readTable(location));
    expect(old.map(({ hash, whole }) => [hash, whole])).toEqual([
      ['version 0', true],
      ['', true],
    ]);
    await rows.write(location, { format: 'delta', mode: 'append' });
    // The old version is still there.
    expect(compareFingerprints(old, await fingerprint(await readTable(location, { version: 0 })))).toEqual([]);
    const found = compareFingerprints(old, await fingerprint((await readTable(location)).limit(5)));
    expect(found).toMatchObject([
      { file: location, what: 'changed', found: 'version 1', expected: 'version 0' },
      { what: 'new', expected: 'no file' },
    ]);
    const data = old[1].file;
    fs.utimesSync(data, A_TIME, A_TIME);
    const pinned = () => readTable(location, { version: 0 }).then((table) => fingerprint(table));
    expect(compareFingerprints(old, await pinned())).toEqual([]);
    fs.truncateSync(data, 7);
    expect(compareFingerprints(old, await pinned())).toMatchObject([{ file: data, what: 'changed', found: '7 bytes' }]);
    fs.rmSync(data);
    expect(compareFingerprints(old, await pinned())).toMatchObject([{ file: data, what: 'missing' }]);
  });
});

it('a file that may not be read is named', async () => {
  if (process.getuid?.() === 0) return;
  fs.chmodSync(file('a.csv'), 0);
  await expect(look()).rejects.toThrow(/^\[table\] .*a\.csv cannot be read: no permission/);
});
