// Disturbs the file operations of a process: node --import .../failNth.mjs PROGRAM. What is to happen is in PRECIS_FAULTS, one JSON object
// (Faults in faults.ts). Only the named program is disturbed, not its worker threads, nor the processes that it starts.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { Disturbance } from './disturbance.mjs';

const faults = JSON.parse(process.env.PRECIS_FAULTS ?? 'null');
const { program = 'cli/main.js', threads = false } = faults ?? {};
const original = { ...fs };

if (faults && process.argv[1]?.endsWith(program) && (isMainThread || threads)) {
  const disturbance = new Disturbance(faults);
  const files = new Map();
  disturbSync(disturbance, files);
  await disturbPromises(disturbance);
  syncBuiltinESMExports();
}

/** Replaces fs[name]: `target` says which file a call changes, or null; `half` does half of its work. */
function replace(object, disturbance, name, kind, target, half) {
  const inner = object[name];
  object[name] = function (...args) {
    const run = () => inner.apply(this, args);
    const place = target.call(this, args);
    if (place === null) return run();
    return disturbance.perform({ kind, ...place }, run, half && (() => half.call(this, inner, args)));
  };
}

/** The same of a function whose errors are rejections. */
function replaceAsync(object, ...more) {
  replace(object, ...more);
  const [, name] = more;
  const disturbed = object[name];
  object[name] = async function (...args) {
    return disturbed.apply(this, args);
  };
}

function disturbSync(disturbance, files) {
  // By number, of all open files: a folder is opened for reading and then synced.
  fs.openSync = (file, ...rest) => {
    const number = original.openSync(file, ...rest);
    files.set(number, nameOf(file));
    return number;
  };
  fs.closeSync = (number) => {
    files.delete(number);
    return original.closeSync(number);
  };
  const change = (name, kind, ...more) => replace(fs, disturbance, name, kind, ...more);
  const byNumber = ([number]) => ({ path: files.get(number) ?? '', isHandle: true });
  change('openSync', 'open', ([file, flags]) => (forWriting(flags) ? { path: nameOf(file) } : null));
  change('writeSync', 'write', byNumber, halfOfWrite);
  for (const name of ['fsyncSync', 'fdatasyncSync']) change(name, 'fsync', byNumber);
  change('ftruncateSync', 'ftruncate', byNumber);
  for (const [name, kind, target] of byName()) change(`${name}Sync`, kind, target);
  fs.writeFileSync = (file, data, options) => writeWhole(disturbance, file, data, options, 'w');
  fs.appendFileSync = (file, data, options) => writeWhole(disturbance, file, data, options, 'a');
}

/** Node opens, writes and closes within one call; here each step is one that may fail. */
function writeWhole(disturbance, file, data, options, flag) {
  const given = typeof options === 'string' ? { encoding: options } : (options ?? {});
  if (typeof file !== 'number' && !disturbance.isWatched(nameOf(file))) {
    return original.writeFileSync(file, data, { flag, ...given });
  }
  const bytes = typeof data === 'string' ? Buffer.from(data, given.encoding ?? 'utf8') : bytesOf(data);
  const number = typeof file === 'number' ? file : fs.openSync(file, given.flag ?? flag, given.mode);
  try {
    for (let done = 0; done < bytes.length; ) done += fs.writeSync(number, bytes, done, bytes.length - done);
  } finally {
    if (typeof file !== 'number') fs.closeSync(number);
  }
}

async function disturbPromises(disturbance) {
  const { promises } = fs;
  const opened = new WeakMap();
  const open = promises.open;
  promises.open = async (file, ...rest) => {
    const handle = await open(file, ...rest);
    opened.set(handle, nameOf(file));
    return handle;
  };
  const any = await open(import.meta.filename);
  const FileHandle = Object.getPrototypeOf(any);
  await any.close();
  const change = (name, kind, ...more) => replaceAsync(promises, disturbance, name, kind, ...more);
  change('open', 'open', ([file, flags]) => (forWriting(flags) ? { path: nameOf(file) } : null));
  for (const name of ['writeFile', 'appendFile']) change(name, 'write', ([file]) => ({ path: nameOf(file) }));
  for (const [name, kind, target] of byName()) change(name, kind, target);

  const { write } = FileHandle;
  const changeHandle = (name, kind, half) =>
    replaceAsync(
      FileHandle,
      disturbance,
      name,
      kind,
      function () {
        return { path: opened.get(this) ?? '', isHandle: true };
      },
      half,
    );
  changeHandle('write', 'write', halfOfWrite);
  for (const name of ['writeFile', 'appendFile']) {
    changeHandle(name, 'write', function (_, [data]) {
      return halfOfWrite.call(this, write, [typeof data === 'string' ? Buffer.from(data) : data]);
    });
  }
  changeHandle('writev', 'write');
  for (const name of ['sync', 'datasync']) changeHandle(name, 'fsync');
  changeHandle('truncate', 'ftruncate');
}

/** What sync and asynchronous calls have in common: [name, kind, what it changes]. What changes nothing is not counted. */
function byName() {
  const isThere = (file) => original.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  const existing = ([file]) => (isThere(file) ? { path: nameOf(file) } : null);
  const missing = ([file]) => (isThere(file) ? null : { path: nameOf(file) });
  const fromTo = ([from, to]) => ({ path: nameOf(from), dest: nameOf(to) });
  return [
    ['rename', 'rename', fromTo],
    ['link', 'link', fromTo],
    ['copyFile', 'copy', ([from, to]) => ({ path: nameOf(to), from: nameOf(from) })],
    ['unlink', 'unlink', existing],
    ['rm', 'unlink', existing],
    ['rmdir', 'unlink', existing],
    ['mkdir', 'mkdir', missing],
    ['truncate', 'ftruncate', existing],
    ['chmod', 'chmod', existing],
  ];
}

/** Of writeSync(number, data, ...) and FileHandle.write(data, ...): what a disk does that is nearly full. */
function halfOfWrite(inner, args) {
  const first = typeof args[0] === 'number' ? 1 : 0;
  const [data, second, third, fourth] = args.slice(first);
  const isText = typeof data === 'string';
  const bytes = isText ? Buffer.from(data, third ?? 'utf8') : bytesOf(data);
  const isOptions = !isText && typeof second === 'object' && second !== null;
  const {
    offset = 0,
    length,
    position,
  } = isOptions
    ? second
    : isText
      ? { position: second }
      : { offset: second ?? 0, length: third ?? undefined, position: fourth };
  const half = (length ?? bytes.length - offset) >> 1;
  return inner.call(this, ...args.slice(0, first), bytes, offset, half, position ?? null);
}

function forWriting(flags) {
  if (typeof flags === 'number') return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return flags !== undefined && flags !== 'r' && flags !== 'rs';
}

function nameOf(file) {
  if (file instanceof URL) return path.resolve(file.pathname);
  return path.resolve(String(file));
}

function bytesOf(data) {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
