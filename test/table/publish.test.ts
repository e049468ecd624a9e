import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readTable, tableFromBatches, tableFromRows } from '../../src/table/open.js';

const scratch = fs.mkdtempSync(path.join(tmpdir(), 'precis-publish-'));
const mounted: string[] = [];
let folder = '';
let number = 0;
const file = (name: string) => path.join(folder, name);

beforeEach(() => {
  folder = path.join(scratch, String(number++));
  fs.mkdirSync(folder);
});
afterAll(() => {
  for (const disk of mounted) spawnSync('umount', [disk]);
  fs.rmSync(scratch, { recursive: true });
});

const OLD = tableFromRows([{ id: 1, text: 'old' }]);
const NEW = tableFromRows([{ id: 2, text: 'new' }]);
const idsIn = async (location: string) => (await (await readTable(location)).collect()).map(({ id }) => id);

/** Fails after its first batch. */
const FAILING = tableFromBatches(NEW.schema, async function* () {
  yield* NEW.batches();
  throw new Error('the source failed');
});

describe.each(['.parquet', '.arrow', '.arrows', '.csv', '.jsonl'])('writing %s', (extension) => {
  const ids = (...numbers: number[]) => (extension === '.csv' ? numbers.map(String) : numbers);

  it('does not replace what is there unless it is told to', async () => {
    const target = file(`t${extension}`);
    await OLD.write(target);
    await expect(NEW.write(target)).rejects.toThrow(/^\[output\] .* is there already, .*--overwrite, --append/);
    expect(await idsIn(target)).toEqual(ids(1));
    await NEW.write(target, { mode: 'overwrite' });
    expect(await idsIn(target)).toEqual(ids(2));
  });

  it('leaves the old file and nothing else when it fails half way', async () => {
    const target = file(`t${extension}`);
    await OLD.write(target);
    await expect(FAILING.write(target, { mode: 'overwrite' })).rejects.toThrow('the source failed');
    expect(await idsIn(target)).toEqual(ids(1));
    expect(fs.readdirSync(folder)).toEqual([`t${extension}`]);
  });

  it('stops on a signal and leaves nothing', async () => {
    const stop = new AbortController();
    const onRows = () => stop.abort(new Error('stopped'));
    await expect(NEW.write(file(`t${extension}`), { signal: stop.signal, onRows })).rejects.toThrow('stopped');
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('says that the disk is full, and leaves nothing', async (test) => {
    const disk = smallDisk();
    if (!disk) return test.skip();
    const rows = Array.from({ length: 1000 }, (_, id) => ({ id, text: randomBytes(1500).toString('base64') }));
    const random = tableFromBatches(NEW.schema, async function* () {
      for (;;) yield* tableFromRows(rows).batches();
    });
    await expect(random.write(path.join(disk, `t${extension}`))).rejects.toThrow(
      new RegExp(`^\\[output\\] no space left on the disk of .*t\\${extension}, expected .*; free some space`),
    );
    expect(fs.readdirSync(disk)).toEqual([]);
  });
});

/** A disk of its own; null where this user may not mount one. */
function smallDisk(options = 'size=400k'): string | null {
  const disk = file('disk');
  fs.mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status !== 0) {
    console.log('skipped: this user may not mount a file system');
    return null;
  }
  mounted.push(disk);
  return disk;
}

describe('where a table cannot be written', () => {
  it.each([
    ['missing/t.parquet', /^\[output\] the folder .*missing of .* is not there, .*mkdir -p .*missing$/],
    ['there.parquet', /^\[output\] .*there\.parquet is a folder, expected the name of a file$/],
    ['t.parqet', /^\[table\] .* unknown extension \.parqet, expected one of \.parquet .*did you mean \.parquet\?$/],
    ['t', /^\[table\] .* has no extension, expected one of \.parquet/],
  ])('%s', async (name, message) => {
    fs.mkdirSync(file('there.parquet'));
    await expect(OLD.write(file(name))).rejects.toThrow(message);
  });

  it('a read-only disk', async (test) => {
    const disk = smallDisk('size=400k,ro');
    if (!disk) return test.skip();
    await expect(OLD.write(path.join(disk, 't.parquet'))).rejects.toThrow(
      /^\[output\] .* is on a read-only file system/,
    );
  });

  it('a folder without permission', async (test) => {
    if (process.getuid?.() === 0) return test.skip();
    fs.chmodSync(folder, 0o555);
    await expect(OLD.write(file('t.parquet'))).rejects.toThrow(/^\[output\] no permission to write/);
    fs.chmodSync(folder, 0o755);
  });
});

describe('a table is not written onto its own input', () => {
  const REFUSED = /^\[output\] .* is an input of this very table/;

  it.each(['overwrite', 'append'] as const)('by its name, a link or a hard link: %s', async (mode) => {
    await OLD.write(file('t.parquet'));
    fs.symlinkSync('t.parquet', file('link.parquet'));
    fs.linkSync(file('t.parquet'), file('hard.parquet'));
    const table = (await readTable(file('t.parquet'))).limit(1).select('id', 'text');
    for (const name of ['t.parquet', 'link.parquet', 'hard.parquet', '../x/../t.parquet']) {
      fs.mkdirSync(path.join(folder, 'x'), { recursive: true });
      const target = name.startsWith('..') ? path.join(folder, 'x', '..', 't.parquet') : file(name);
      await expect(table.write(target, { mode })).rejects.toThrow(REFUSED);
    }
    expect(await idsIn(file('t.parquet'))).toEqual([1]);
  });

  it('one of several files', async () => {
    await OLD.write(file('a.parquet'));
    await NEW.write(file('b.parquet'));
    const table = await readTable(file('*.parquet'));
    await expect(table.write(file('b.parquet'), { mode: 'overwrite' })).rejects.toThrow(REFUSED);
    expect((await table.write(file('c.parquet'))).rows).toBe(2);
  });
});

it('a link stays a link: the file that it names is replaced, also one that is not there yet', async () => {
  fs.mkdirSync(file('real'));
  fs.symlinkSync('real/t.parquet', file('link.parquet'));
  await OLD.write(file('link.parquet'));
  await NEW.write(file('link.parquet'), { mode: 'overwrite' });
  expect(fs.lstatSync(file('link.parquet')).isSymbolicLink()).toBe(true);
  expect(await idsIn(file('real/t.parquet'))).toEqual([2]);
  expect(fs.readdirSync(file('real'))).toEqual(['t.parquet']);
});

it('whoever reads the old file goes on reading it', async () => {
  await OLD.write(file('t.arrow'));
  const held = fs.openSync(file('t.arrow'), 'r');
  const before = fs.readFileSync(file('t.arrow'));
  await NEW.write(file('t.arrow'), { mode: 'overwrite' });
  const seen = Buffer.alloc(before.length);
  fs.readSync(held, seen, 0, seen.length, 0);
  fs.closeSync(held);
  expect(seen.equals(before)).toBe(true);
});

it('an overwritten file keeps its permissions', async () => {
  await OLD.write(file('t.parquet'));
  fs.chmodSync(file('t.parquet'), 0o640);
  await NEW.write(file('t.parquet'), { mode: 'overwrite' });
  expect(fs.statSync(file('t.parquet')).mode & 0o777).toBe(0o640);
});

it('a target that comes into being meanwhile is not replaced', async () => {
  const target = file('t.parquet');
  const onRows = () => fs.writeFileSync(target, 'of somebody else');
  await expect(NEW.write(target, { onRows })).rejects.toThrow(/is there already/);
  expect(fs.readFileSync(target, 'utf8')).toBe('of somebody else');
  expect(fs.readdirSync(folder)).toEqual(['t.parquet']);
});

it('rows to append need the columns of those that are there', async () => {
  await OLD.write(file('t.parquet'));
  const other = tableFromRows([{ text: 1, more: true }]);
  const error = await other.write(file('t.parquet'), { mode: 'append' }).catch((caught) => caught);
  expect(error.message).toMatch(/^\[output\] .*t\.parquet has other columns than the rows to append/);
  expect(error.details).toEqual([
    'id: missing in the rows to append',
    'text: Utf8 there, Int64 in the rows to append',
    'more: missing there',
  ]);
  expect(fs.readdirSync(folder)).toEqual(['t.parquet']);
});

it('columns in another order are appended in that of the file', async () => {
  await OLD.write(file('t.parquet'));
  await NEW.select('text', 'id').write(file('t.parquet'), { mode: 'append' });
  expect(await (await readTable(file('t.parquet'))).collect()).toEqual([
    { id: 1, text: 'old' },
    { id: 2, text: 'new' },
  ]);
});

it('a merge writes a new column back into the file that was read', async () => {
  await tableFromRows([1, 2, 3].map((id) => ({ id, text: `t${id}` }))).write(file('t.parquet'));
  const more = tableFromRows([
    { id: 3, summary: 'three' },
    { id: 1, summary: 'one' },
  ]);
  expect(await more.write(file('t.parquet'), { mode: 'merge', mergeKey: ['id'] })).toEqual({
    target: file('t.parquet'),
    rows: 2,
  });
  expect(await (await readTable(file('t.parquet'))).collect()).toEqual([
    { id: 1, text: 't1', summary: 'one' },
    { id: 2, text: 't2', summary: null },
    { id: 3, text: 't3', summary: 'three' },
  ]);
});

describe('a process that is stopped while it writes', () => {
  const dist = path.resolve(import.meta.dirname, '../../dist/src/table/open.js');
  const PROGRAM = `const { tableFromBatches, tableFromRows } = await import(process.argv[1]);
const rows = tableFromRows([{ id: 1, text: 'x' }]);
const endless = tableFromBatches(rows.schema, async function* () { for (;;) { yield* rows.batches(); await new Promise(setImmediate); } });
await endless.write(process.argv[2], { onRows: (n) => n === 10 && console.log('writing') });`;

  async function stopped(signal: NodeJS.Signals): Promise<string[]> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, dist, file('t.arrow')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await new Promise((resolve, reject) => {
      child.stdout.once('data', resolve);
      child.once('exit', () => reject(new Error('the process ended by itself')));
    });
    child.kill(signal);
    await ended;
    return fs.readdirSync(folder);
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves nothing', async (signal) => {
    expect(await stopped(signal)).toEqual([]);
  });

  it('by SIGKILL leaves a hidden file that no reader takes for data', async () => {
    expect(await stopped('SIGKILL')).toEqual([expect.stringMatching(/^\.t\.arrow\.precis-\d+-[0-9a-f]{8}\.tmp$/)]);
    await OLD.write(file('a.arrow'));
    expect(await idsIn(folder)).toEqual([1]);
    expect(await idsIn(file('*.arrow'))).toEqual([1]);
  });
});
