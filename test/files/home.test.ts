import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { readJsonObject } from '../../src/checkpoint/jsonFile.js';
import { HOME_FORMAT, homePath, openHome } from '../../src/files/home.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

function useHome(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'precis-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const home = path.join(folder, 'deep', 'home');
  vi.stubEnv('PRECIS_HOME', home);
  return home;
}

test('without PRECIS_HOME it is .precis in the user home', () => {
  vi.stubEnv('PRECIS_HOME', '');
  expect(homePath()).toBe(path.join(os.homedir(), '.precis'));
});

test('the folder is made with its format, and opened again', () => {
  const home = useHome();
  expect(openHome()).toBe(home);
  expect(fs.readFileSync(path.join(home, 'format-version'), 'utf8')).toBe(`${HOME_FORMAT}\n`);
  expect(openHome()).toBe(home);
});

test.each(['2\n', '1.5', 'abc', '0'])('format %j is refused by name', (text) => {
  const home = useHome();
  fs.mkdirSync(home, { recursive: true });
  fs.writeFileSync(path.join(home, 'format-version'), text);
  expect(() => openHome()).toThrow(
    `[cache] ${home}/format-version says format ${JSON.stringify(text.trim())}, expected a format up to 1; use the newer precis that wrote it or set PRECIS_HOME to another folder`,
  );
});

test('a home inside of a file', () => {
  const home = useHome();
  fs.mkdirSync(path.dirname(path.dirname(home)), { recursive: true });
  fs.writeFileSync(path.dirname(home), '');
  expect(() => openHome()).toThrow(/^\[cache\] .* leads through a file that is not a folder/);
});

test('a home that is itself a file', () => {
  const home = useHome();
  fs.mkdirSync(path.dirname(home), { recursive: true });
  fs.writeFileSync(home, '');
  expect(() => openHome()).toThrow(/^\[cache\] .*home.* leads through a file that is not a folder/);
});

test('a format or a JSON file that is a folder', () => {
  const home = useHome();
  fs.mkdirSync(path.join(home, 'format-version'), { recursive: true });
  expect(() => openHome()).toThrow(`[cache] ${home}/format-version cannot be read: it is a folder`);
  expect(() => readJsonObject(home, 'config')).toThrow(`[config] ${home} cannot be read: it is a folder`);
});
