import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PrecisError } from '../../src/errors.js';
import { makeDirectory } from '../../src/files/atomicDir.js';

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function problemOf(action: Promise<unknown>): Promise<PrecisError> {
  const error = await action.then(
    () => null,
    (reason) => reason,
  );
  if (error instanceof PrecisError) return error;
  throw error ?? new Error('no error');
}

test('the folder appears complete, once', async () => {
  const parent = path.join(temporaryFolder(), 'a', 'b');
  const target = path.join(parent, 'model');
  const fill = (folder: string) => {
    fs.mkdirSync(path.join(folder, 'sub'));
    fs.writeFileSync(path.join(folder, 'sub', 'file'), 'content');
    expect(fs.existsSync(target)).toBe(false);
  };
  expect(await makeDirectory(target, fill)).toBe(true);
  expect(fs.readFileSync(path.join(target, 'sub', 'file'), 'utf8')).toBe('content');
  expect(await makeDirectory(target, () => expect.unreachable())).toBe(false);
  expect(fs.readdirSync(parent)).toEqual(['model']);
});

test('an error leaves nothing behind and comes back as it is', async () => {
  const parent = temporaryFolder();
  const failure = new Error('broken weights');
  const made = makeDirectory(path.join(parent, 'model'), (folder) => {
    fs.writeFileSync(path.join(folder, 'half'), 'x');
    throw failure;
  });
  await expect(made).rejects.toBe(failure);
  expect(fs.readdirSync(parent)).toEqual([]);
});

test('of two makers at once the first wins, and the second takes its folder', async () => {
  const parent = temporaryFolder();
  const target = path.join(parent, 'model');
  const maker = (word: string, wait: number) =>
    makeDirectory(target, async (folder) => {
      fs.writeFileSync(path.join(folder, 'word'), word);
      await new Promise((resolve) => setTimeout(resolve, wait));
    });
  expect(await Promise.all([maker('first', 10), maker('second', 100)])).toEqual([true, false]);
  expect(fs.readFileSync(path.join(target, 'word'), 'utf8')).toBe('first');
  expect(fs.readdirSync(parent)).toEqual(['model']);
});

test('temporary folders of dead processes are removed, those of living ones and of other machines stay', async () => {
  const parent = temporaryFolder();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const host = os.hostname().replace(/[^A-Za-z0-9.]/g, '_');
  const name = (machine: string, pid: number) => `.making-${machine}-${pid}-0123456789ab-model`;
  const kept = [name(host, process.ppid), name('elsewhere', child.pid!), '.making-notes'];
  for (const folder of [...kept, name(host, child.pid!)]) fs.mkdirSync(path.join(parent, folder));
  await makeDirectory(path.join(parent, 'model'), () => {});
  expect(fs.readdirSync(parent).sort()).toEqual([...kept, 'model'].sort());
});

test('a file where a folder should be', async () => {
  const file = path.join(temporaryFolder(), 'file');
  fs.writeFileSync(file, '');
  const problem = await problemOf(makeDirectory(path.join(file, 'sub', 'model'), () => {}));
  expect(problem.scope).toBe('cache');
  expect(problem.message).toMatch(
    /^\[cache\] .*file.* leads through a file that is not a folder, expected a folder; move that file or/,
  );
});

test.skipIf(process.getuid?.() === 0)('a folder that may not be written', async () => {
  const parent = temporaryFolder();
  fs.chmodSync(parent, 0o500);
  const problem = await problemOf(makeDirectory(path.join(parent, 'model'), () => {}));
  expect(problem.message).toMatch(
    /^\[cache\] no permission to write .*, expected a folder that this user may write; change its/,
  );
});

test('a full disk, for which /dev/full stands, leaves nothing behind', async (context) => {
  if (!fs.existsSync('/dev/full')) context.skip('there is no /dev/full here');
  const parent = temporaryFolder();
  const made = makeDirectory(path.join(parent, 'model'), (folder) => {
    fs.symlinkSync('/dev/full', path.join(folder, 'weights'));
    fs.writeFileSync(path.join(folder, 'weights'), 'x');
  });
  const problem = await problemOf(made);
  expect(problem.message).toMatch(
    /^\[cache\] no space left on the disk of .*model.*, expected room for the files to write; free some space or set PRECIS_HOME/,
  );
  expect(fs.readdirSync(parent)).toEqual([]);
});

// What a signal does can be seen only from outside, in a process that runs the built code.
const BUILT = path.join(import.meta.dirname, '../../dist/src/files/atomicDir.js');

test.for([
  { signal: 'SIGTERM', left: [] },
  { signal: 'SIGINT', left: [] },
  { signal: 'SIGHUP', left: [] },
  { signal: 'SIGKILL', left: ['left'] },
] as const)('$signal while the folder is made', async ({ signal, left }, context) => {
  if (!fs.existsSync(BUILT)) context.skip('`npm run build` was not run');
  const parent = temporaryFolder();
  const script = `
    import { makeDirectory } from ${JSON.stringify(BUILT)};
    await makeDirectory(${JSON.stringify(path.join(parent, 'model'))}, async () => {
      console.log('making');
      await new Promise((resolve) => setTimeout(resolve, 60000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill(signal);
  const [, reason] = await once(child, 'exit');
  expect(reason).toBe(signal);
  expect(fs.readdirSync(parent).map((name) => (name.startsWith('.making') ? 'left' : name))).toEqual(left);
  // And the next one clears up even after SIGKILL.
  await makeDirectory(path.join(parent, 'model'), () => {});
  expect(fs.readdirSync(parent)).toEqual(['model']);
});
