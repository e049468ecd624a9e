import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readTable, tableFromRows } from '../../src/table/open.js';
import { isPublished } from '../../src/table/output/identity.js';
import { removeLeftovers } from '../../src/table/output/temporary.js';
import type { FileIdentity, WriteOptions } from '../../src/table/types.js';

const scratch = fs.mkdtempSync(path.join(tmpdir(), 'precis-hooks-'));
let folder = '';
let number = 0;
const file = (name: string) => path.join(folder, name);
beforeEach(() => {
  folder = path.join(scratch, String(number++));
  fs.mkdirSync(folder);
});
afterAll(() => fs.rmSync(scratch, { recursive: true }));

const OLD = tableFromRows([{ id: 1, text: 'old' }]);
const NEW = tableFromRows([{ id: 2, text: 'new' }]);
/** All of CSV is text. */
const changed = (extension: string) => tableFromRows([{ id: extension === '.csv' ? '1' : 1, more: 'x' }]);
const idsIn = async (location: string) => (await (await readTable(location)).collect()).map(({ id }) => Number(id));
const temporaries = () => fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'));

const WAYS: readonly (readonly [string, WriteOptions])[] = [
  ['create', {}],
  ['overwrite', { mode: 'overwrite' }],
  ['append', { mode: 'append' }],
  ['merge', { mode: 'merge', mergeKey: ['id'] }],
];

describe.each(['.parquet', '.arrow', '.csv', '.jsonl'])('%s: before a file is in its place', (extension) => {
  it.each(WAYS)('%s tells its identity once, when it is complete', async (way, options) => {
    const target = file(`t${extension}`);
    if (way !== 'create') await OLD.write(target);
    const before = fs.existsSync(target) ? fs.readFileSync(target) : null;
    const told: FileIdentity[] = [];
    let complete = Buffer.alloc(0);
    const onReady = async (identity: FileIdentity) => {
      await null;
      told.push(identity);
      expect(isPublished(target, identity)).toBe(false);
      expect(fs.existsSync(target) ? fs.readFileSync(target) : null).toEqual(before);
      complete = fs.readFileSync(file(temporaries()[0]));
    };
    const rows = way === 'merge' ? changed(extension) : NEW;
    await rows.write(target, { ...options, onReady });
    const { dev, ino } = fs.statSync(target);
    expect(told).toMatchObject([{ device: String(dev), inode: String(ino), size: String(complete.length) }]);
    expect(fs.readFileSync(target).equals(complete)).toBe(true);
    expect(isPublished(target, told[0])).toBe(true);
    expect(temporaries()).toEqual([]);
  });

  it.each(WAYS)('%s is called off by an error, which comes out as it is', async (way, options) => {
    const target = file(`t${extension}`);
    if (way !== 'create') await OLD.write(target);
    const before = fs.readdirSync(folder).map((name) => [name, fs.readFileSync(file(name), 'latin1')]);
    // As if the journal's disk were full: not the target's.
    const failure = Object.assign(new Error('the journal'), { code: 'ENOSPC' });
    const onReady = () => Promise.reject(failure);
    const rows = way === 'merge' ? changed(extension) : NEW;
    const error = await rows.write(target, { ...options, onReady }).catch((caught) => caught);
    expect(error).toBe(failure);
    expect(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(file(name), 'latin1')])).toEqual(before);
  });
});

it('a file is known through a link, and is another one once it was replaced or written over', async () => {
  fs.symlinkSync('t.parquet', file('link.parquet'));
  const told: FileIdentity[] = [];
  const onReady = (identity: FileIdentity) => void told.push(identity);
  await OLD.write(file('link.parquet'), { onReady });
  expect(isPublished(file('link.parquet'), told[0])).toBe(true);
  expect(isPublished(file('nothing/here.parquet'), told[0])).toBe(false);
  fs.copyFileSync(file('t.parquet'), file('copy'));
  // The bytes and the size of before, in the same inode: only the time tells.
  fs.copyFileSync(file('copy'), file('t.parquet'));
  expect(isPublished(file('link.parquet'), told[0])).toBe(false);
  await OLD.write(file('link.parquet'), { mode: 'overwrite', onReady });
  expect(told.map((identity) => isPublished(file('t.parquet'), identity))).toEqual([false, true]);
});

describe('after a process was killed', () => {
  const dist = path.resolve(import.meta.dirname, '../../dist/src/table/open.js');
  const PROGRAM = `const { tableFromRows } = await import(process.argv[1]);
const onReady = (identity) => { process.stdout.write(JSON.stringify(identity)); process.kill(process.pid, 'SIGKILL'); };
await tableFromRows([{ id: 2, text: 'new' }]).write(process.argv[2], { mode: 'overwrite', onReady });`;

  it('right before its file was in its place: the old one stands, and the half-done one can be swept', async () => {
    const target = file('t.arrow');
    await OLD.write(target);
    const killed = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM, dist, target], {
      encoding: 'utf8',
    });
    expect(killed.signal).toBe('SIGKILL');
    const identity = JSON.parse(killed.stdout) as FileIdentity;
    expect(isPublished(target, identity)).toBe(false);
    expect(await idsIn(target)).toEqual([1]);
    expect(temporaries()).toHaveLength(1);
    const [left] = temporaries();
    // What the process would have done next.
    fs.linkSync(file(left), file('linked.arrow'));
    expect(isPublished(file('linked.arrow'), identity)).toBe(true);
    expect(removeLeftovers(file('linked.arrow'))).toEqual([]);
    expect(removeLeftovers(target)).toEqual([fs.realpathSync(folder) + path.sep + left]);
    expect(fs.readdirSync(folder).sort()).toEqual(['linked.arrow', 't.arrow']);
    expect(isPublished(file('linked.arrow'), identity)).toBe(true);
    expect(await idsIn(file('linked.arrow'))).toEqual([2]);
  });

  it('what others are writing, and what only looks like it, stays', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const target = file('t.csv');
    const kept = [
      `.t.csv.precis-${process.ppid}-0123abcd.tmp`,
      `.t.csv.precis-${dead}-0123abcd.tmp.old`,
      `.t.csv.precis-${dead}-0123.tmp`,
      `.u.csv.precis-${dead}-0123abcd.tmp`,
      `.t.csv.precis-x${dead}-0123abcd.tmp`,
    ];
    // Of an earlier process with our number, as it happens in containers.
    const swept = [`.t.csv.precis-${dead}-0123abcd.tmp`, `.t.csv.precis-${process.pid}-0123abcd.tmp`];
    for (const name of [...kept, ...swept]) fs.writeFileSync(file(name), '');
    let own: string[] = [];
    await NEW.write(target, {
      onReady: () => {
        expect(removeLeftovers(target)).toHaveLength(2);
        own = temporaries().filter((name) => !kept.includes(name));
      },
    });
    expect(own).toHaveLength(1);
    expect(fs.readdirSync(folder).sort()).toEqual([...kept, 't.csv'].sort());
  });

  it('a folder that is not there has nothing to sweep', () => {
    expect(removeLeftovers(file('not/here.csv'))).toEqual([]);
  });
});

it.each([
  ['onReady that is no function', { onReady: 'x' }, /option onReady is "x", expected a function/],
  [
    'a transaction without a version',
    { transaction: { app: 'x' } },
    /option transaction is \{"app":"x"\}, expected the/,
  ],
  [
    'a transaction of a file',
    { transaction: { app: 'x', version: 1 } },
    /a transaction for .*t\.csv, expected a Delta/,
  ],
])('refuses %s', async (_, options, message) => {
  await expect(NEW.write(file('t.csv'), options as object)).rejects.toThrow(message);
  expect(fs.readdirSync(folder)).toEqual([]);
});
