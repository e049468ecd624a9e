import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
let project: string;

/** A checkout in small whose packages come from its own folder, so that the real `npm ci` runs without a network. */
beforeAll(() => {
  project = mkdtempSync(path.join(tmpdir(), 'precis-bootstrap-'));
  for (const name of ['scripts', 'src', 'packages/typescript/bin'])
    mkdirSync(path.join(project, name), { recursive: true });
  cpSync(path.join(ROOT, 'scripts/bootstrap.mjs'), path.join(project, 'scripts/bootstrap.mjs'));
  const compiler = path.join(ROOT, 'node_modules/typescript/bin/tsc');
  write(
    'packages/typescript/bin/tsc',
    `require('node:child_process').spawnSync(process.execPath, [${JSON.stringify(compiler)}, ...process.argv.slice(2)], { stdio: 'inherit' }).status && process.exit(1);`,
  );
  write('packages/typescript/package.json', { name: 'typescript', version: '0.0.1' });
  write('package.json', {
    name: 'small',
    version: '1.0.0',
    type: 'module',
    engines: { node: '>=20.19' },
    dependencies: { typescript: 'file:packages/typescript' },
  });
  write('tsconfig.json', {
    compilerOptions: { strict: true, rootDir: '.', outDir: 'dist', module: 'NodeNext', types: [] },
    include: ['src/*.ts'],
  });
  write('src/a.ts', 'export const a = 1;\n');
  expect(spawnSync('npm', ['install', '--package-lock-only', '--offline'], { cwd: project }).status).toBe(0);
});
afterAll(() => rmSync(project, { recursive: true }));

function write(name: string, content: string | object): void {
  writeFileSync(path.join(project, name), typeof content === 'string' ? content : JSON.stringify(content));
}

function bootstrap(...nodeArguments: string[]) {
  const { npm_execpath: _npm, ...env } = process.env;
  const command = [...nodeArguments, 'scripts/bootstrap.mjs'];
  const result = spawnSync(process.execPath, command, {
    cwd: project,
    encoding: 'utf8',
    env: { ...env, npm_config_offline: 'true' },
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

describe('bootstrap', () => {
  it('refuses an old Node with one clear line', () => {
    write('old.cjs', "Object.defineProperty(process.versions, 'node', { value: '20.18.3' });");
    const { status, stderr } = bootstrap('--require', './old.cjs');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'bootstrap: Node 20.18.3 is too old, expected >=20.19; install a newer Node\n',
    });
  });

  it('installs and builds once, then does nothing and says nothing', () => {
    const first = bootstrap();
    expect({ status: first.status, stdout: first.stdout }).toEqual({ status: 0, stdout: '' });
    expect(first.stderr).toContain('installing packages');
    expect(existsSync(path.join(project, 'dist/src/a.js'))).toBe(true);
    rmSync(path.join(project, 'dist/src/a.js'));
    expect(bootstrap()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(existsSync(path.join(project, 'dist/src/a.js'))).toBe(false);
  });

  it('builds again when a source is newer', () => {
    write('src/a.ts', 'export const a = 2;\n');
    const later = new Date(Date.now() + 5000);
    utimesSync(path.join(project, 'src/a.ts'), later, later);
    expect(bootstrap().status).toBe(0);
    expect(readFileSync(path.join(project, 'dist/src/a.js'), 'utf8')).toContain('a = 2');
  });

  it('installs again when the lock file has changed', () => {
    writeFileSync(
      path.join(project, 'package-lock.json'),
      `${readFileSync(path.join(project, 'package-lock.json'), 'utf8')}\n`,
    );
    expect(bootstrap().stderr).toContain('installing packages');
  });

  it('says what failed, and fails', () => {
    write('src/a.ts', 'export const a: string = 3;\n');
    const broken = bootstrap();
    expect(broken.status).toBe(1);
    expect(broken.stderr).toMatch(
      /TS2322[\s\S]*\nbootstrap: the build failed with exit code 1; the lines above say why\n$/,
    );
  });
});
