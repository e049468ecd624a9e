import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';

const MAIN = path.resolve(import.meta.dirname, '../../dist/src/cli/main.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-bench-'));
const model = path.join(scratch, 'tiny-t5');
const env = { ...process.env, PRECIS_HOME: path.join(scratch, 'home') };
const WEIGHTLESS = ['--model', 'builtin:lead-3'];
const SMALL = ['--model', model, '--documents', '6', '--input-tokens', '40', '--max-new-tokens', '4'];

beforeAll(() => {
  const taskSpecificParams = { summarization: { prefix: 'some words: ', num_beams: 2 } };
  writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny', taskSpecificParams });
});
afterAll(() => rmSync(scratch, { recursive: true }));

function bench(args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, 'bench', ...args], { encoding: 'utf8', env });
}

describe('precis bench', () => {
  it('measures each setting in turn, as often as it is told', () => {
    const chart = path.join(scratch, 'chart.svg');
    const { status, stdout, stderr } = bench([...SMALL, '--workers', '1,2', '-r', '2', '--json', '--plot', chart]);
    expect({ status, stderr: stderr.replace(/[\d.,]+ documents/g, 'N documents') }).toEqual({
      status: 0,
      stderr: [1, 2, 1, 2]
        .map((workers, i) => `precis: run ${i + 1} of 4: ${workers} worker${workers > 1 ? 's' : ''}, N documents/s\n`)
        .join(''),
    });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ model, documents: 6, new_tokens: 4, exact_new_tokens: true, repetitions: 2 });
    // A text ends with a whole word, so it may be shorter than wanted.
    expect(report.mean_input_tokens).toBeGreaterThan(30);
    expect(report.mean_input_tokens).toBeLessThanOrEqual(40);
    expect(report.settings).toHaveLength(2);
    for (const [i, row] of report.settings.entries()) {
      expect(row).toMatchObject({ device: 'cpu', workers: i + 1, batch_rows: null, num_beams: 2, repetitions: 2 });
      expect(row.documents_per_second).toBeGreaterThan(0);
      expect(row.documents_per_second_min).toBeLessThanOrEqual(row.documents_per_second);
      expect(row.documents_per_second_max).toBeGreaterThanOrEqual(row.documents_per_second);
      expect(row.output_tokens_per_second / row.documents_per_second).toBeCloseTo(4, 6);
      expect(row.input_tokens_per_second / row.documents_per_second).toBeCloseTo(report.mean_input_tokens, 6);
      for (const phase of ['tokenize', 'prefill', 'decode']) expect(row[`${phase}_ms_per_document`]).toBeGreaterThan(0);
      expect(row.roofline_share).toBeGreaterThan(0);
      expect(row.peak_memory_mib).toBeGreaterThan(30);
    }
    const svg = readFileSync(chart, 'utf8');
    for (const text of ['tiny-t5', '1 worker: ', '2 workers: ']) expect(svg).toContain(text);
  });

  it('measures the texts alone where a model has no weights, and says so', () => {
    const { status, stdout, stderr } = bench([
      ...WEIGHTLESS,
      '--documents',
      '5',
      '-r',
      '1',
      '--workers',
      '1',
      '-o',
      'csv',
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain('precis: builtin:lead-3 has no weights: only the way of the texts is measured\n');
    const [names, values, ...more] = stdout.split('\n').map((line) => line.split(','));
    expect(more).toEqual([['']]);
    const row = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    expect(Number(row.documents_per_second)).toBeGreaterThan(0);
    expect(row).toMatchObject({ prefill_ms_per_document: '', decode_ms_per_document: '', roofline_share: '' });
  });

  it.each([
    { args: ['--workers', '1,0'], message: '[usage] --workers is "0", expected a whole number of at least 1' },
    { args: ['--workers', '2,2'], message: '[usage] --workers names 2 twice' },
    { args: ['--precision', 'int8,int4'], message: '[usage] --precision is "int4", expected one of auto, fp32' },
    { args: ['--precision', 'fp32,fp16'], message: '[usage] --precision fp16 is for CUDA' },
    { args: ['--device', 'cpu;cuda:0'], message: '[usage] --device cuda:0 is not supported by this version' },
    { args: ['--device', 'cpu;tpu'], message: '[usage] --device is "tpu", expected auto or cpu' },
    { args: ['-r', '0'], message: '[usage] -r is "0", expected a whole number of at least 1' },
    { args: ['-o', 'xml'], message: '[usage] -o is "xml", expected one of table, csv, json, jsonl, md' },
    { args: ['--json', '-o', 'csv'], message: '[usage] --json and --format csv are given, expected one of them' },
    { args: ['--plot', 'chart.png'], message: '[usage] --plot is "chart.png", expected a file that ends in .svg' },
    { args: ['--input', 'in.csv'], message: '[usage] --input is given without --text' },
    { args: ['--text', 'body'], message: '[usage] --text is given without --input' },
    {
      args: ['--input', 'in.csv', '--text', 'body', '--input-tokens', '9'],
      message: '[usage] --input-tokens is for made-up documents',
    },
    { args: ['in.parquet'], message: '[usage] "in.parquet" is given, expected options only' },
    { args: [...WEIGHTLESS, '--num-beams', '1'], message: '[usage] numBeams 1 has no meaning for builtin:lead-3' },
  ])('refuses $args', ({ args, message }) => {
    const { status, stdout, stderr } = bench(args);
    expect(stderr).toContain(`precis: ${message}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it("takes the user's own documents, and lets them end where they end", () => {
    const file = path.join(scratch, 'own.csv');
    writeFileSync(file, `id,body\n1,${'people made water '.repeat(9)}\n2,\n3,short\n4,not read\n`);
    const own = [
      '--model',
      model,
      '--input',
      file,
      '--text',
      'body',
      '--max-new-tokens',
      '4',
      '-r',
      '1',
      '--workers',
      '1',
    ];
    const { status, stdout } = bench([...own, '--documents', '2', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ documents: 2, exact_new_tokens: false });
    const missing = bench([...own.map((argument) => (argument === 'body' ? 'bodi' : argument))]);
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/bodi.*body/s);
  });

  it('looks for the place of the chart before it measures', () => {
    const { status, stderr } = bench([...SMALL, '--plot', path.join(scratch, 'nowhere', 'chart.svg')]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^precis: \[output\] there is no folder .*nowhere for the chart/);
  });
});

describe.skipIf(process.platform !== 'linux')('a run that is broken off', () => {
  /** Breaks a long run off after its first setting. */
  async function breakOff(how: (command: ChildProcessWithoutNullStreams) => void) {
    const command = spawn(process.execPath, [MAIN, 'bench', ...SMALL, '--workers', '1,2', '-r', '500', '-o', 'jsonl'], {
      env,
    });
    let stdout = '';
    let stderr = '';
    let isBroken = false;
    command.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    command.stderr.on('data', (chunk) => {
      stderr += chunk;
      if (isBroken || !stderr.includes('run 1 of 1000')) return;
      isBroken = true;
      how(command);
    });
    const status = await new Promise((resolve) => command.once('close', resolve));
    return { status, stdout, stderr };
  }

  function childrenOf(pid: number): number[] {
    const parentOf = (child: string) => {
      try {
        return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1]);
      } catch {
        return null;
      }
    };
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
      .map(Number);
  }

  it('by Ctrl-C prints what it has, leaves no process behind and ends with 130', async () => {
    const children: number[] = [];
    const { status, stdout, stderr } = await breakOff((command) => {
      children.push(...childrenOf(command.pid!));
      command.kill('SIGINT');
    });
    expect(status).toBe(130);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).workers),
    ).toContain(1);
    expect(stderr).toMatch(/\nprecis: interrupted; what was measured until then is printed\n$/);
    for (const child of children) expect(() => process.kill(child, 0)).toThrow('ESRCH');
  });

  it('by the death of what it measures prints what it has, and fails', async () => {
    let killer: NodeJS.Timeout | undefined;
    const { status, stdout, stderr } = await breakOff((command) => {
      // Between two runs there is no process to kill.
      killer = setInterval(() => childrenOf(command.pid!).forEach((child) => void process.kill(child, 'SIGKILL')), 20);
    });
    clearInterval(killer);
    expect(status).toBe(1);
    expect(JSON.parse(stdout.split('\n')[0])).toMatchObject({ workers: 1 });
    expect(stderr).toContain('precis: [engine] the process that was measured was ended by SIGKILL');
  });
});
