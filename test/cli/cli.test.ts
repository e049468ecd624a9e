import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { openTokenizer } from '../../src/text/tokenizer.js';

const MAIN = path.resolve(import.meta.dirname, '../../dist/src/cli/main.js');
const BART = path.resolve(import.meta.dirname, '../engine/generic/fixtures/bart');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-cli-'));
const model = path.join(scratch, 'model');
const home = path.join(scratch, 'user');
const env = { ...process.env, HOME: home, XDG_CACHE_HOME: '', PRECIS_HOME: path.join(scratch, 'home') };
const GREEDY = ['--num-beams', '1', '--max-new-tokens', '12'];

beforeAll(() => {
  const taskSpecificParams = { summarization: { prefix: 'some words: ', num_beams: 2, max_length: 9 }, bare: {} };
  writeSeededCheckpoint({ out: model, family: 't5', size: 'tiny', eos: 'never', taskSpecificParams });
});
afterAll(() => rmSync(scratch, { recursive: true }));

function precis(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env, input });
}

interface Printed {
  model: string;
  results: {
    text: string;
    token_ids: number[];
    input_tokens: number;
    output_tokens: number;
    truncated: boolean;
    finish_reason: string;
    score: number | null;
  }[];
}

/** A machine that is busy elsewhere makes any run long enough for a line of progress. */
function withoutProgress(stderr: string): string {
  return stderr.replace(/^precis: \d+ of \d+ texts\n/gm, '');
}

function generateJson(args: readonly string[], input?: string): Printed {
  const { status, stdout, stderr } = precis(['generate', ...args, '--model', model, '--json'], input);
  expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Printed;
}

describe('precis generate', () => {
  it('prints exactly the JSON of the contract', () => {
    const { model: uri, results } = generateJson(['The government said so', ...GREEDY]);
    expect(uri).toBe(model);
    expect(results).toHaveLength(1);
    const [result] = results;
    expect(Object.keys(result)).toEqual([
      'text',
      'token_ids',
      'input_tokens',
      'output_tokens',
      'truncated',
      'finish_reason',
      'score',
    ]);
    const tokenizer = openTokenizer(model, { vocabSize: 640 });
    expect(result).toMatchObject({
      text: tokenizer.decode(result.token_ids),
      input_tokens: tokenizer.encode('some words: The government said so').ids.length,
      output_tokens: 12,
      truncated: false,
      finish_reason: 'length',
      score: null,
    });
    expect(result.token_ids).toHaveLength(12);
  });

  it("takes prefix, beams and length from the model's task, and lets the user override each", () => {
    const plain = generateJson(['people made water']).results[0];
    expect(plain.output_tokens).toBe(8);
    expect(plain.score).toBeLessThan(0);
    const overridden = generateJson(['people made water', '--prefix', '', '--max-new-tokens', '3']).results[0];
    expect(overridden.output_tokens).toBe(3);
    expect(plain.input_tokens).toBeGreaterThan(overridden.input_tokens);
    const other = generateJson(['people made water', '--task', 'bare', ...GREEDY]).results[0];
    expect(other.input_tokens).toBe(overridden.input_tokens);
  });

  it('cuts inputs where it is told to and says so', () => {
    const { results } = generateJson(['people made water '.repeat(2000), '--max-input-tokens', '20', ...GREEDY]);
    expect(results[0]).toMatchObject({ input_tokens: 20, truncated: true });
  });

  it('leaves nothing in the home folder but its own', () => {
    mkdirSync(home, { recursive: true });
    generateJson(['people made water', ...GREEDY]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('reads one text a line from stdin, empty lines too, and keeps their order', () => {
    const lines = ['the first line', '', 'people 🎉 مرحبا', 'the first line'];
    const { results } = generateJson(['-', ...GREEDY], `${lines.join('\n')}\n`);
    expect(results).toHaveLength(4);
    expect(results[3]).toEqual(results[0]);
    const { stdout, status } = precis(['generate', '-', '--model', model, ...GREEDY], lines.join('\r\n'));
    expect(status).toBe(0);
    expect(stdout).toBe(results.map(({ text }) => `${text}\n`).join(''));
    const alone = precis(['generate', lines[2], '--model', model, ...GREEDY]);
    expect(alone.stdout).toBe(`${results[2].text}\n`);
  });

  it('prints nothing for no lines', () => {
    expect(generateJson(['-']).results).toEqual([]);
    expect(precis(['generate', '-', '--model', model])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('samples by the seed', () => {
    const sample = (seed: string) =>
      generateJson(['people', '--do-sample', '--seed', seed, '--temperature', '2', '--max-new-tokens', '12']).results[0]
        .text;
    expect(sample('1')).toBe(sample('1'));
    expect(sample('1')).not.toBe(sample('2'));
  });

  it('runs an ONNX export of another kind of model', () => {
    const rows = JSON.parse(readFileSync(path.join(BART, '../outputs.json'), 'utf8')) as {
      text: string;
      ids: number[];
    }[];
    const args = ['generate', rows[0].text, '--model', BART, '--num-beams', '1', '--max-new-tokens', '24', '--json'];
    expect((JSON.parse(precis(args).stdout) as Printed).results[0].token_ids).toEqual(rows[0].ids);
  });

  it('ends quietly when whoever reads stops reading', async () => {
    const child = spawn(process.execPath, [MAIN, 'generate', '-', '--model', model, ...GREEDY], { env });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.end('people made water\n'.repeat(400));
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
  });

  it('ends with 130 when it is interrupted', async () => {
    const child = spawn(process.execPath, [MAIN, 'generate', '-', '--model', model, '--max-new-tokens', '200'], {
      env,
    });
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdin.end('people made water\n'.repeat(2000));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
  });
});

describe('precis models convert', () => {
  it('shows what it did, and finds it again', () => {
    const args = ['models', 'convert', model, '--precision', 'fp32', '--json'];
    const first = JSON.parse(precis(args).stdout) as Record<string, unknown>;
    expect(first).toMatchObject({
      model,
      precision: 'fp32',
      cached: false,
      parameters: expect.any(Number),
      seconds: expect.any(Number),
    });
    const files = first.files as { name: string; bytes: number }[];
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(first.bytes);
    for (const { name, bytes } of files) expect(readFileSync(path.join(first.dir as string, name))).toHaveLength(bytes);
    expect(JSON.parse(precis(args).stdout)).toMatchObject({ ...first, cached: true, seconds: expect.any(Number) });
    const { stdout } = precis(args.slice(0, -1));
    expect(stdout).toContain(first.dir);
    expect(stdout).toContain('weights.bin');
  });
});

describe('wrong usage ends with 2 and one line', () => {
  it.each([
    [['nonsense'], 'precis nonsense is not a command of this version'],
    [['genrate', 'x'], 'did you mean precis generate?'],
    [['models', 'lisst'], 'did you mean precis models list?'],
    [['models'], 'precis models is no command by itself'],
    [['models', 'convert'], '0 folders are given, expected one checkpoint folder'],
    [['generate'], 'no text is given'],
    [['generate', 'two', 'texts'], '2 texts are given'],
    [['generate', 'x', '--modle', 'y'], '--modle is not an option of this command; did you mean --model?'],
    [['generate', 'x', '-m', 'y'], '-m is not an option of this command'],
    [['generate', 'x', '--__proto__', 'y'], '--__proto__ is not an option of this command'],
    [['generate', 'x', '--model', '--json'], '--model has no value'],
    [['generate', 'x', '--seed', '1', '--seed', '2'], '--seed is given twice'],
    [['generate', 'x', '--num-beams', '0'], '--num-beams is "0", expected a whole number of at least 1'],
    [['generate', 'x', '--num-beams', 'four'], '--num-beams is "four"'],
    [['generate', 'x', '--top-p', ''], '--top-p is "", expected a number'],
    [['generate', 'x', '--early-stopping', 'nevr'], 'did you mean never?'],
    [['generate', 'x', '--do-sample=maybe'], '--do-sample is "maybe"'],
    [['generate', 'x', '--device', 'cuda:0'], '--device cuda:0 is not supported by this version'],
    [['generate', 'x', '--device', 'tpu'], '--device is "tpu", expected auto or cpu'],
    [['generate', 'x', '--workers', '2'], '--workers 2 is given with one text'],
    [['generate', 'x', '--batch-tokens', '9'], '--batch-tokens is for CUDA'],
    [['generate', 'x', '--precision', 'fp16'], '--precision fp16 is for CUDA'],
    [['generate', 'x', '--precision', 'int4'], '--precision is "int4", expected one of auto, fp32, int8, fp16'],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = precis(args);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
    expect(stderr).toMatch(/^precis: \[usage\] /);
    expect(stderr).toContain(message);
  });

  it('no command at all shows the usage on stderr', () => {
    expect(precis([])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('usage: precis COMMAND'),
    });
  });
});

describe('what cannot be done ends with 1 and one line', () => {
  it.each([
    [['--model', 'models:/a.b.c/3'], '[model] models:/a.b.c/3: models of the registry (models:/) are not supported'],
    [['--model', 'runs:/12/model'], '[model] runs:/12/model: models of runs (runs:/) are not supported'],
    [['--model', 'builtin:lead-9'], '[model] builtin:lead-9 is no built-in model'],
    [['--model', 'someone/some-model'], '[model] someone/some-model: models of the hub'],
    [['--model', MAIN], 'model bundles (a single file) are not supported'],
    [['--model', './nowhere/at/all'], '[model] ./nowhere/at/all is no folder'],
    [['--model', scratch], `[config] ${scratch} has no config.json`],
    [['--model', model, '--tokenizer', scratch], `[tokenizer] ${path.join(scratch, 'tokenizer.json')} is missing`],
    [
      ['--model', model, '--task', 'sumarization'],
      `[generation] task "sumarization" is not in the model's task_specific_params, expected one of summarization, bare`,
    ],
    [['--model', BART, '--batch-rows', '4'], '[engine] batchRows is 4'],
  ])('%j', (args, message) => {
    const { status, stdout, stderr } = precis(['generate', 'x', ...args]);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 1 });
    expect(stderr).toContain(`precis: `);
    expect(stderr).toContain(message);
  });

  it('shows a stack only with --debug', () => {
    const args = ['generate', 'x', '--model', './nowhere'];
    expect(precis(args).stderr).not.toContain('    at ');
    expect(precis([...args, '--debug']).stderr).toMatch(/PrecisError: \[model\] [\s\S]*\n {4}at /);
  });
});

describe('help and version', () => {
  it.each([
    [['--help'], 'usage: precis COMMAND'],
    [['generate', '--help'], 'usage: precis generate TEXT'],
    [['generate', '--num-beams', 'x', '--help'], 'usage: precis generate TEXT'],
    [['models', 'convert', '--help'], 'usage: precis models convert DIR'],
  ])('%j shows two examples', (args, usage) => {
    const { status, stdout, stderr } = precis(args);
    expect({ status, stderr: withoutProgress(stderr) }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(usage);
    expect(stdout.slice(stdout.indexOf('examples:')).match(/^ {2}precis /gm)).toHaveLength(2);
  });

  it('--version prints the version of the package', () => {
    const packageFile = path.resolve(import.meta.dirname, '../../package.json');
    const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
    expect(precis(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });
});
