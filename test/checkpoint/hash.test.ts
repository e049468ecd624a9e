import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint/open.js';
import { CONFIG, checkpointFolder, fullHeader, safetensors, temporaryFolder } from './folders.js';

let home: string;

beforeEach(() => {
  home = path.join(temporaryFolder(), 'home');
  vi.stubEnv('PRECIS_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function hashOf(dir: string): string {
  const checkpoint = openCheckpoint(dir);
  const { hash } = checkpoint;
  checkpoint.weights.close();
  return hash;
}

function memory(): string[] {
  const folder = path.join(home, 'hashes');
  return fs.readdirSync(folder).map((name) => path.join(folder, name));
}

test('equal contents have equal hashes, wherever they lie; a changed byte or setting has another', () => {
  const hash = hashOf(checkpointFolder());
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(hashOf(checkpointFolder())).toBe(hash);
  expect(hashOf(checkpointFolder({ 'config.json': { ...CONFIG, layer_norm_epsilon: 1e-5 } }))).not.toBe(hash);
  const bytes = safetensors(fullHeader());
  bytes[bytes.length - 1] ^= 1;
  expect(hashOf(checkpointFolder({ 'model.safetensors': bytes }))).not.toBe(hash);
});

test('the hash of unchanged files is remembered, and forgotten when a file changes', () => {
  const dir = checkpointFolder();
  const hash = hashOf(dir);
  const [file] = memory();
  // A mark in the memory shows whether the second answer comes from there.
  const mark = 'f'.repeat(64);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(hash, mark));
  expect(hashOf(dir)).toBe(mark);
  fs.writeFileSync(path.join(dir, 'model.safetensors'), safetensors(fullHeader()));
  expect(hashOf(dir)).toBe(hash);
});

test('a damaged memory is made anew', () => {
  const dir = checkpointFolder();
  const hash = hashOf(dir);
  fs.writeFileSync(memory()[0], '{"stamps"');
  expect(hashOf(dir)).toBe(hash);
  expect(JSON.parse(fs.readFileSync(memory()[0], 'utf8')).hash).toBe(hash);
});

test('where nothing can be remembered, hashing still works', () => {
  const hash = hashOf(checkpointFolder());
  vi.stubEnv('PRECIS_HOME', path.join(checkpointFolder(), 'config.json', 'home'));
  expect(hashOf(checkpointFolder())).toBe(hash);
});
