import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Table as ArrowTable, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeSeededCheckpoint } from '../../scripts/seeded-checkpoint.js';
import { type Installed, installInto } from './installed.js';
import { withoutProgress } from './precis.js';

const TRAINED = path.resolve(import.meta.dirname, '../../models/precis-tiny');
const scratch = mkdtempSync(path.join(tmpdir(), 'precis-shipped-'));
const TEXTS = ['the council met on Tuesday', 'a budget was approved, and nobody objected to it', 'apples'];
const TABLE = path.join(scratch, 'news.jsonl');
const taskSpecificParams = {
  summarization: { prefix: 'summarize: ', num_beams: 2, max_length: 12 },
  title: { prefix: 'title: ', num_beams: 1, max_new_tokens: 4 },
};

/** As it is after an installation, with other weights: whatever lies in the folder is the built-in model. */
let installed: Installed;
let folder: string;
let home: string;
beforeAll(() => {
  installed = installInto(path.join(scratch, 'installed'));
  folder = path.join(installed.folder, 'models/precis-tiny');
  writeFileSync(TABLE, TEXTS.map((body) => `${JSON.stringify({ body })}\n`).join(''));
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  writeSeededCheckpoint({
    out: folder,
    family: 't5-v1.1',
    size: 'tiny',
    eos: 'never',
    dtype: 'f16',
    taskSpecificParams,
  });
  home = mkdtempSync(path.join(scratch, 'home-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const where = () => ({ cwd: scratch, env: { ...process.env, PRECIS_HOME: home } });

function precis(args: readonly string[], input: string | Uint8Array = ''): SpawnSyncReturns<Buffer> {
  return spawnSync(process.execPath, [installed.main, ...args], { ...where(), input });
}

function said(args: readonly string[], input?: string | Uint8Array): Buffer {
  const { status, stdout, stderr } = precis(args, input);
  expect({ status, stderr: withoutProgress(stderr.toString()) }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** Every file below a folder, with its size and time. */
function stamps(of: string): string[] {
  return readdirSync(of, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .map((name) => ({ name, stats: statSync(path.join(of, name)) }))
    .map(({ name, stats }) => `${name} ${stats.size} ${stats.mtimeMs}`);
}

describe('the model that comes with the package', () => {
  it('is used where none is named, and nothing is said of it', () => {
    const named = TEXTS.map((text) => said(['generate', text, '--model', folder]).toString());
    expect(new Set(named).size).toBe(TEXTS.length);
    expect(TEXTS.map((text) => said(['generate', text]).toString())).toEqual(named);
    expect(said(['generate', '-'], TEXTS.join('\n')).toString()).toBe(named.join(''));

    const out = path.join(home, 'out.jsonl');
    const record = JSON.parse(said(['summarize', TABLE, '--text', 'body', '--out', out, '--json']).toString());
    expect(record).toMatchObject({ model: 'builtin:precis-tiny', rows: 3 });
    const rows = readFileSync(out, 'utf8').trim().split('\n');
    expect(rows.map((row) => `${JSON.parse(row).generated_summary}\n`)).toEqual(named);

    const stream = tableToIPC(new ArrowTable({ body: vectorFromArray(TEXTS, new Utf8()) }), 'stream');
    const piped = tableFromIPC(said(['pipe', '--text', 'body'], stream)).getChild('generated_summary')!;
    expect([...piped].map((text) => `${text}\n`)).toEqual(named);
  });

  it('knows its tasks by their names', () => {
    const titled = said(['generate', TEXTS[0], '--task', 'title']).toString();
    expect(titled).toBe(
      said(['generate', TEXTS[0], '--prefix', 'title: ', '--num-beams', '1', '--max-new-tokens', '4']).toString(),
    );
    expect(titled).not.toBe(said(['generate', TEXTS[0]]).toString());
  });

  it('is what loadModel and batchUdf open without a name', () => {
    const script = path.join(home, 'script.mjs');
    writeFileSync(
      script,
      `import { batchUdf, loadModel, tableFromRows } from ${JSON.stringify(pathToFileURL(path.join(installed.folder, 'dist/src/index.js')))};
      const model = await loadModel();
      const udf = await batchUdf(undefined, { workers: 1 });
      const [row] = await tableFromRows([{ body: ${JSON.stringify(TEXTS[0])} }]).withColumn('s', udf('body')).collect();
      console.log(JSON.stringify([model.uri, await model.predict(${JSON.stringify(TEXTS[0])}), row.s]));
      await model.close();`,
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], { ...where(), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const text = said(['generate', TEXTS[0]]).toString().trimEnd();
    expect(JSON.parse(stdout)).toEqual(['builtin:precis-tiny', text, text]);
  });

  it('runs from a package that may only be read, through a link, from any folder', () => {
    const link = path.join(home, 'precis');
    symlinkSync(installed.main, link);
    const elsewhere = path.join(home, 'a folder with blanks, "quotes" and ü');
    mkdirSync(elsewhere);
    const all = readdirSync(folder).map((name) => path.join(folder, name));
    for (const name of [...all, folder]) chmodSync(name, name === folder ? 0o555 : 0o444);
    // Root may write all the same: then only what is looked at here tells that nothing was written.
    const before = stamps(installed.folder);
    try {
      const { status, stdout } = spawnSync(process.execPath, [link, 'generate', TEXTS[0]], {
        ...where(),
        cwd: elsewhere,
      });
      expect(status).toBe(0);
      expect(stdout.toString()).toBe(said(['generate', TEXTS[0], '--model', folder]).toString());
      expect(stamps(installed.folder)).toEqual(before);
      expect(readdirSync(elsewhere)).toEqual([]);
    } finally {
      chmodSync(folder, 0o755);
    }
  });

  it('leaves one conversion when several first starts come at the same time', async () => {
    const outputs = await Promise.all(
      [0, 1, 2, 3].map(async () => {
        const child = spawn(process.execPath, [installed.main, 'generate', TEXTS[1]], where());
        let output = '';
        child.stdout.on('data', (chunk) => {
          output += chunk;
        });
        child.stderr.on('data', (chunk) => {
          output += chunk;
        });
        const [status] = await once(child, 'close');
        return { status, output };
      }),
    );
    const expected = { status: 0, output: said(['generate', TEXTS[1]]).toString() };
    expect(outputs).toEqual([expected, expected, expected, expected]);
    const converted = readdirSync(path.join(home, 'converted'));
    expect(converted).toHaveLength(1);
    expect(converted[0]).toMatch(/-v\d+$/);
  });

  it('is listed, shown, verified and told of by the doctor, with its place and size', () => {
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
    const listed = () => JSON.parse(said(['models', 'list', '--json']).toString()).models as Record<string, unknown>[];
    expect(listed()[0]).toMatchObject({
      name: 'builtin:precis-tiny',
      kind: 'shipped',
      dir: folder,
      bytes,
      current: true,
    });
    const shown = JSON.parse(said(['models', 'show', 'builtin:precis-tiny', '--json']).toString());
    expect(shown).toMatchObject({
      kind: 'checkpoint',
      dir: folder,
      tasks: { summarization: 'summarize: ', title: 'title: ' },
    });
    expect(said(['models', 'verify', 'builtin:precis-tiny']).toString()).toContain('ok      a text is generated');
    // Verifying generated, and so converted. A copy of it, wherever it lies, is the same model.
    const copy = path.join(home, 'copy');
    cpSync(folder, copy, { recursive: true });
    said(['generate', TEXTS[0], '--model', copy]);
    expect(listed().filter(({ kind }) => kind === 'converted')).toMatchObject([{ name: 'builtin:precis-tiny' }]);
    expect(said(['models', 'list']).toString()).toMatch(
      new RegExp(`^builtin:precis-tiny +checkpoint .*${folder}$`, 'm'),
    );
    const doctor = JSON.parse(said(['doctor', '--json']).toString());
    expect(doctor.built_in_model).toEqual({ uri: 'builtin:precis-tiny', path: folder, bytes, problem: null });
    expect(said(['doctor']).toString()).toMatch(new RegExp(`^model .* in ${folder}$`, 'm'));
  });
});

describe('a built-in model that is not whole', () => {
  const file = (name: string) => path.join(folder, name);
  it.each<[string, () => void, string]>([
    ['no folder', () => rmSync(folder, { recursive: true }), 'is missing: there is no folder '],
    ['no tokenizer', () => rmSync(file('tokenizer.json')), 'has no tokenizer.json'],
    ['no weights', () => rmSync(file('model.safetensors')), 'has no model.safetensors'],
    ['half of the weights', () => truncateSync(file('model.safetensors'), 20_000), 'is damaged: '],
    ['a broken config', () => writeFileSync(file('config.json'), '{"model_type": "t5"'), 'config.json is not JSON'],
    ['generation settings of another kind', () => writeFileSync(file('generation_config.json'), '[]'), 'holds a list'],
    ['a broken tokenizer', () => writeFileSync(file('tokenizer.json'), '{}'), 'is damaged: '],
    [
      'a pointer of Git LFS',
      () =>
        writeFileSync(file('model.safetensors'), 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      'is a Git-LFS pointer',
    ],
  ])('%s: one line that names the folder and the way out', (_, damage, found) => {
    damage();
    const out = path.join(home, 'out.jsonl');
    for (const args of [
      ['generate', 'x'],
      ['summarize', TABLE, '--text', 'body', '--out', out],
    ]) {
      const { status, stdout, stderr } = precis(args);
      expect({ status, stdout: stdout.toString() }).toEqual({ status: 1, stdout: '' });
      const [line, ...details] = stderr.toString().trimEnd().split('\n');
      expect(line).toMatch(/^precis: \[model\] the built-in model is (missing|damaged): /);
      expect(line).toContain(folder);
      expect(line).toContain(found);
      expect(line).toMatch(/--model builtin:lead-3$/);
      expect(details.every((detail) => detail.startsWith('  '))).toBe(true);
      expect(existsSync(out)).toBe(false);
      said([...args, '--model', 'builtin:lead-3']);
      rmSync(out, { force: true });
    }
  });

  it('is told of by the doctor and in the list', () => {
    rmSync(file('model.safetensors'));
    expect(said(['doctor']).toString()).toMatch(new RegExp(`^model .*${folder} has no model.safetensors$`, 'm'));
    expect(said(['models', 'list']).toString()).toMatch(/^builtin:precis-tiny .*missing or not whole/m);
  });

  it.each(['builtin:precis-tiny?beams=4', 'builtin:precis-tiny?'])('%s has options, which it does not take', (uri) => {
    const { status, stderr } = precis(['generate', 'x', '--model', uri]);
    expect({ status, stderr: stderr.toString() }).toMatchObject({ status: 1 });
    expect(stderr.toString()).toContain(`[model] ${uri} has options, expected none`);
  });
});

const isTrained = existsSync(path.join(TRAINED, 'model.safetensors'));
if (!isTrained) console.log(`skipped: there is no trained model in ${TRAINED} yet`);

describe.skipIf(!isTrained)('what npm packs', () => {
  it('holds the model, in at most 25 MB', () => {
    const names = readdirSync(TRAINED).map((name) => `models/precis-tiny/${name}`);
    expect(installed.files).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(
      expect.arrayContaining(
        ['config.json', 'model.safetensors', 'tokenizer.json', 'generation_config.json'].map(
          (name) => `models/precis-tiny/${name}`,
        ),
      ),
    );
    const bytes = readdirSync(TRAINED).reduce((sum, name) => sum + statSync(path.join(TRAINED, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(25e6);
  });
});
