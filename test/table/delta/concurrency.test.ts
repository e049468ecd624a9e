import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Int32, Utf8 } from 'apache-arrow';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDelta } from '../../../src/table/delta/open.js';
import { createDeltaSink } from '../../../src/table/delta/sink.js';
import { batchWith, writeDelta } from './rows.js';
import { problemOf, rowsOf, temporaryFolder } from './support.js';

const one = (id: number) => batchWith({ id: [new Int32(), [id]], text: [new Utf8(), [`text ${id}`]] });

async function madeTable(): Promise<string> {
  const table = path.join(temporaryFolder(), 'table');
  await writeDelta(table, [one(0)]);
  return table;
}

async function idsOf(table: string): Promise<number[]> {
  return (await rowsOf(await openDelta(table))).map(({ id }) => id as number);
}

/** What lies there without a dot, sorted: a refused write must leave no file. */
function filesOf(table: string): string[] {
  return (fs.readdirSync(table, { recursive: true }) as string[]).sort();
}

/** A write that began before another one was committed. */
async function overtaken(table: string, mode: 'append' | 'overwrite' | 'merge', other: () => Promise<unknown>) {
  const batch = one(mode === 'merge' ? 0 : 1);
  const sink = await createDeltaSink(table, batch.schema, { mode, mergeKey: ['id'], mergeColumns: ['text'] });
  await sink.write(mode === 'merge' ? batchWith({ id: [new Int32(), [0]], text: [new Utf8(), ['new']] }) : batch);
  await other();
  const files = filesOf(table);
  return { files, publish: () => sink.publish() };
}

test('an append goes on top of what others appended, overwrote or removed meanwhile', async () => {
  const table = await madeTable();
  const appended = await overtaken(table, 'append', () => writeDelta(table, [one(2)], { mode: 'append' }));
  expect((await appended.publish()).version).toBe(2);
  expect(await idsOf(table)).toEqual([0, 2, 1]);
  const replaced = await overtaken(table, 'append', () => writeDelta(table, [one(3)], { mode: 'overwrite' }));
  expect((await replaced.publish()).version).toBe(4);
  expect(await idsOf(table)).toEqual([3, 1]);
});

test.for(['overwrite', 'merge'] as const)(
  'a %s that another writer overtook is refused, and leaves nothing',
  async (mode) => {
    const table = await madeTable();
    const { files, publish } = await overtaken(table, mode, () => writeDelta(table, [one(2)], { mode: 'append' }));
    expect((await problemOf(publish())).message).toMatch(
      /^\[delta\] another writer changed its rows meanwhile: version 1 of .*table, expected the table as it was when this write began; nothing was changed; run it again$/,
    );
    expect(await idsOf(table)).toEqual([0, 2]);
    // An overwrite has its data file from the start; of what is listed it alone goes away again.
    const left = filesOf(table);
    expect(left.filter((file) => !files.includes(file))).toEqual([]);
    expect(left.filter((file) => file.endsWith('.parquet'))).toHaveLength(2);
  },
);

test('a schema that changed meanwhile stops an append too', async () => {
  const table = await madeTable();
  const other = () => writeDelta(table, [batchWith({ id: [new Int32(), [9]] })], { mode: 'overwrite' });
  const { publish } = await overtaken(table, 'append', other);
  expect((await problemOf(publish())).message).toMatch(
    /another writer changed its schema or settings meanwhile: version 1 of/,
  );
  expect(await idsOf(table)).toEqual([9]);
});

test('of two that make one table the second is refused', async () => {
  const table = path.join(temporaryFolder(), 'table');
  const sinks = await Promise.all([1, 2].map(() => createDeltaSink(table, one(0).schema)));
  for (const [i, sink] of sinks.entries()) await sink.write(one(i));
  await sinks[0].publish();
  expect((await problemOf(sinks[1].publish())).message).toMatch(
    /another writer made the table meanwhile: version 0 of/,
  );
  expect(await idsOf(table)).toEqual([0]);
});

test('what was stopped leaves neither files nor folders', async () => {
  const parent = temporaryFolder();
  const table = path.join(parent, 'a', 'b', 'table');
  const sink = await createDeltaSink(table, one(0).schema);
  await sink.write(one(0));
  expect(fs.existsSync(table)).toBe(true);
  await sink.abort();
  expect(fs.readdirSync(parent)).toEqual([]);
});

test('a file system without hard links', async () => {
  const parent = temporaryFolder();
  const link = vi.spyOn(fs, 'linkSync').mockImplementation(() => {
    throw Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'link' });
  });
  onTestFinished(() => link.mockRestore());
  const problem = await problemOf(writeDelta(path.join(parent, 'table'), [one(0)]));
  expect(problem.message).toMatch(/_delta_log cannot take a commit: its file system refuses hard links \(EPERM\)/);
  expect(fs.readdirSync(parent)).toEqual([]);
});

// Several processes, and what a kill leaves behind: they run the built code.
const BUILT = path.join(import.meta.dirname, '../../../dist/src/table/delta/sink.js');
const ARROW = import.meta.resolve('apache-arrow');

function writer(table: string, body: string): ChildProcess {
  const script = `
    import fs from 'node:fs';
    import { once } from 'node:events';
    import { tableFromArrays } from ${JSON.stringify(ARROW)};
    import { createDeltaSink } from ${JSON.stringify(BUILT)};
    const table = ${JSON.stringify(table)};
    async function append(id) {
      const { schema, batches } = tableFromArrays({ id: Int32Array.of(id) });
      const sink = await createDeltaSink(table, schema, { mode: 'append' });
      await sink.write(batches[0]);
      return sink.publish();
    }
    ${body}`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

test('four processes append at once: every row is there, versions have no hole', async (context) => {
  if (!fs.existsSync(BUILT)) context.skip('`npm run build` was not run');
  const table = path.join(temporaryFolder(), 'table');
  await writeDelta(table, [batchWith({ id: [new Int32(), [-1]] })]);
  const writers = [0, 1, 2, 3].map((n) =>
    writer(
      table,
      `console.log('ready'); await once(process.stdin, 'data'); for (let i = 0; i < 8; i++) await append(${n} * 8 + i); process.exit(0);`,
    ),
  );
  await Promise.all(writers.map((child) => once(child.stdout!, 'data')));
  const ends = writers.map((child) => once(child, 'exit'));
  for (const child of writers) child.stdin!.write('go');
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const ids = await idsOf(table);
  expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 33 }, (_, i) => i - 1));
  const log = fs.readdirSync(path.join(table, '_delta_log')).sort();
  expect(log).toEqual(Array.from({ length: 33 }, (_, i) => `${String(i).padStart(20, '0')}.json`));
});

test('a process that is killed between its data file and its commit: the table is what it was', async (context) => {
  if (!fs.existsSync(BUILT)) context.skip('`npm run build` was not run');
  const table = path.join(temporaryFolder(), 'table');
  await writeDelta(table, [batchWith({ id: [new Int32(), [1]] })]);
  const before = filesOf(table);
  const child = writer(table, `fs.linkSync = () => process.kill(process.pid, 'SIGKILL'); await append(2);`);
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  // The data file and the commit under its temporary name stay behind, and no reader looks at them.
  const left = filesOf(table).filter((file) => !before.includes(file));
  expect(left.map((file) => path.extname(file))).toEqual(['.tmp', '.parquet']);
  expect(await idsOf(table)).toEqual([1]);
  expect((await writeDelta(table, [batchWith({ id: [new Int32(), [3]] })], { mode: 'append' })).version).toBe(1);
  expect(await idsOf(table)).toEqual([1, 3]);
});
