// Makes a fresh checkout ready with nothing but Node and npm: packages, then the build. Does nothing when nothing is to do.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname ?? '.', '..');
const LOCK = path.join(root, 'package-lock.json');
const MODULES_STAMP = path.join(root, 'node_modules', '.precis-lock-sha256');
const BUILD_STAMP = path.join(root, 'dist', '.built');
const SOURCES = ['src', 'scripts', 'bench'];
const BUILD_SETTINGS = ['tsconfig.json', 'package-lock.json'];

checkNode(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).engines.node);
installPackages();
build();

function checkNode(range) {
  const [wantedMajor, wantedMinor] = range.replace('>=', '').split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(`Node ${process.versions.node} is too old, expected ${range}; install a newer Node`);
}

function installPackages() {
  const wanted = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  if (existsSync(MODULES_STAMP) && readFileSync(MODULES_STAMP, 'utf8') === wanted) return;
  console.error('bootstrap: installing packages');
  run('npm ci', npmCommand(), ['ci']);
  writeFileSync(MODULES_STAMP, wanted);
}

function build() {
  if (existsSync(BUILD_STAMP) && newestInput() <= statSync(BUILD_STAMP).mtimeMs) return;
  // Files saved while the compiler runs must count as newer than the build.
  const begin = new Date();
  run('the build', process.execPath, [typescript(), '-p', path.join(root, 'tsconfig.json')]);
  writeFileSync(BUILD_STAMP, '');
  utimesSync(BUILD_STAMP, begin, begin);
}

function newestInput() {
  let newest = 0;
  for (const name of BUILD_SETTINGS) newest = Math.max(newest, statSync(path.join(root, name)).mtimeMs);
  for (const folder of SOURCES.map((name) => path.join(root, name)).filter((folder) => existsSync(folder))) {
    // A folder's own time tells of files that were removed.
    newest = Math.max(newest, statSync(folder).mtimeMs);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isDirectory() && !entry.name.endsWith('.ts')) continue;
      newest = Math.max(newest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs);
    }
  }
  return newest;
}

function typescript() {
  return path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
}

/** The npm that runs this script, if one does: started through Node, because npm itself is a shell script on Windows. */
function npmCommand() {
  return process.env.npm_execpath ?? 'npm';
}

function run(what, command, args) {
  const [file, ...rest] = /\.c?js$/.test(command) ? [process.execPath, command, ...args] : [command, ...args];
  // What children print is no result of ours: stdout stays free for the command that follows.
  const result = spawnSync(file, rest, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && file === 'npm',
  });
  if (result.error) fail(`${what} could not be started: ${result.error.message}`);
  if (result.status !== 0)
    fail(`${what} failed with exit code ${result.status ?? result.signal}; the lines above say why`);
}

function fail(message) {
  console.error(`bootstrap: ${message}`);
  process.exit(1);
}
