import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { precisWith } from './precis.js';

const scratch = mkdtempSync(path.join(tmpdir(), 'precis-doctor-'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('precis doctor', () => {
  it('finds that models can run here, and says what this machine is', () => {
    const home = path.join(scratch, 'home');
    const { status, stdout, stderr } = precisWith(home)(['doctor', '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      ok: true,
      problems: [],
      node: { version: process.versions.node, ok: true },
      cores: { machine: os.cpus().length },
      memory: { total_bytes: os.totalmem() },
      home: { path: home, problem: null },
      onnxruntime: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/), problem: null },
      parquet: { problem: null },
      terminal: { stdout: false, stderr: false },
    });
    expect(report.cuda.complete).toBe(report.cuda.links.every(({ present }: { present: boolean }) => present));
    expect(report.disk[0].free_bytes).toBeGreaterThan(0);
  });

  it('tells people the same in lines', () => {
    const { status, stdout } = precisWith(path.join(scratch, 'home'))(['doctor']);
    expect(status).toBe(0);
    for (const name of ['Node', 'processor', 'int8', 'memory', 'disk', 'onnxruntime', 'Parquet', 'model', 'CUDA']) {
      expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
    }
    expect(stdout).toContain('Models can run on the CPU of this machine.');
  });

  it('ends with 1 if PRECIS_HOME cannot be used', () => {
    const file = path.join(scratch, 'file');
    writeFileSync(file, '');
    const inFile = precisWith(path.join(file, 'home'))(['doctor', '--json']);
    expect(inFile.status).toBe(1);
    expect(JSON.parse(inFile.stdout).problems).toEqual([expect.stringContaining('leads through a file')]);

    const newer = path.join(scratch, 'newer');
    mkdirSync(newer);
    writeFileSync(path.join(newer, 'format-version'), '99\n');
    const { status, stdout } = precisWith(newer)(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toContain('says format "99"');
    expect(stdout).toContain('Models cannot run on this machine:');
  });
});
