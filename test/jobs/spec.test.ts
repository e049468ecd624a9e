import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHIPPED_MODEL } from '../../src/engine/builtin/shippedModel.js';
import type { PrecisError } from '../../src/errors.js';
import {
  checkSpec,
  listSpecs,
  type Overrides,
  readSpec,
  removeSpec,
  saveSpec,
  specToJson,
} from '../../src/jobs/spec/index.js';

let folder: string;
let before: string | undefined;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'precis-spec-')));
  before = process.env.PRECIS_HOME;
  process.env.PRECIS_HOME = path.join(folder, 'home');
});
afterAll(() => {
  if (before === undefined) delete process.env.PRECIS_HOME;
  else process.env.PRECIS_HOME = before;
  rmSync(folder, { recursive: true });
});

let files = 0;
function file(content: string, ending = 'yaml'): string {
  const at = path.join(folder, `job${files++}.${ending}`);
  writeFileSync(at, content);
  return at;
}

const MINIMAL = 'source: in.parquet\ntext: body\noutput: out.parquet\n';
const read = (content: string, overrides?: Overrides, environment = {}) =>
  readSpec(file(content), { overrides, environment });

/** Every line of the error, without the file's own name. */
async function problems(content: string, overrides?: Overrides, environment = {}): Promise<string[]> {
  const at = file(content);
  const error: PrecisError = await readSpec(at, { overrides, environment }).then(
    () => expect.fail('the spec was accepted'),
    (error) => error,
  );
  expect(error.scope).toBe('usage');
  const lines = error.details.length > 0 ? error.details : [error.what];
  return lines.map((line) => line.replace(`${at}:`, ''));
}

describe('what a spec becomes', () => {
  it('is complete from three lines', async () => {
    const spec = await read(MINIMAL);
    expect(spec).toMatchObject({
      owner: null,
      source: { path: path.join(folder, 'in.parquet'), header: true, limit: null, sample: null, manifest: null },
      columns: [{ name: 'generated_summary', fn: 'summarize', text: 'body', model: null, options: {} }],
      output: { path: path.join(folder, 'out.parquet'), mode: 'create', keepFailed: false, errorColumn: null },
      engine: { model: SHIPPED_MODEL, generation: {}, workers: null, devices: null, isolation: 'process' },
      retry: { maxRetries: 3, timeout: null },
      errorThreshold: -1,
      partitionErrorThreshold: 0,
      filter: { nulls: false, blank: false, shorterThan: 0 },
      incremental: false,
      cost: null,
      routes: [],
      deadline: null,
    });
    expect(spec.name).toMatch(/^job\d+$/);
  });

  it('takes every field', async () => {
    mkdirSync(path.join(folder, 't5'), { recursive: true });
    const spec = await read(`
name: reviews
owner: data@example.org
source: { path: in.csv, format: csv, delimiter: "\\t", header: false, sample: { rows: 2k, seed: 7 } }
model: t5
text: body
precision: int8
threads: 2
generation: { numBeams: 2, maxNewTokens: 40 }
columns:
  - { name: summary, prefix: "sum: ", generation: { maxNewTokens: 60 } }
  - { name: risk, fn: classify, text: notes, model: builtin:other, labels: [low, high] }
  - { name: vector, fn: embed }
  - { name: words, fn: module, text: [body, notes], module: ./words.mjs, resultType: int, values: { a: [1] } }
output: { path: main.default.reviews, format: delta, mode: merge, errorColumn: why }
key: id
workers: 3
devices: cpu
isolation: thread
partitionRows: 10_000
retry: { maxRetries: 0, timeout: 5m }
fallbackModel: builtin:lead-3
errorThreshold: 1k
partitionErrorThreshold: -1
filter: { nulls: true, blank: true, shorterThan: 20 }
incremental: { key: [id] }
cache: true
lineage: true
contract:
  input: { columns: { id: Int64, body: { type: text, maxNullShare: 0.1, minLength: 1, maxLength: 9 } }, rows: { min: 1 } }
  output: { columns: { summary: { maxNullShare: 0 } } }
cost: { perThousandTokens: 0.02 }
maxCost: 15
routes: [{ where: risk = 'high', output: review.jsonl }]
deadline: 1h30m
onFailure: mail -s "\${PRECIS_JOB_RECORD}" me
`);
    const common = { precision: 'int8', threads: 2, numBeams: 2, maxNewTokens: 40 };
    expect(spec).toEqual({
      name: 'reviews',
      owner: 'data@example.org',
      source: {
        path: path.join(folder, 'in.csv'),
        format: 'csv',
        version: null,
        delimiter: '\t',
        header: false,
        limit: null,
        sample: { rows: 2000, seed: 7 },
        manifest: null,
      },
      columns: [
        {
          name: 'summary',
          fn: 'summarize',
          text: 'body',
          model: null,
          options: { ...common, prefix: 'sum: ', maxNewTokens: 60 },
        },
        {
          name: 'risk',
          fn: 'classify',
          text: 'notes',
          model: 'builtin:other',
          options: { precision: 'int8', threads: 2, labels: ['low', 'high'] },
        },
        { name: 'vector', fn: 'embed', text: 'body', model: null, options: { precision: 'int8', threads: 2 } },
        {
          name: 'words',
          fn: 'module',
          text: ['body', 'notes'],
          model: null,
          options: {
            module: path.join(folder, 'words.mjs'),
            exportName: 'default',
            resultType: 'int',
            values: { a: [1] },
          },
        },
      ],
      output: {
        path: 'main.default.reviews',
        format: 'delta',
        mode: 'merge',
        delimiter: null,
        header: true,
        keepFailed: true,
        keepFiltered: false,
        errorColumn: 'why',
      },
      key: ['id'],
      engine: {
        model: path.join(folder, 't5'),
        generation: { numBeams: 2, maxNewTokens: 40 },
        workers: 3,
        devices: ['cpu'],
        isolation: 'thread',
      },
      partitionRows: 10000,
      retry: { maxRetries: 0, timeout: 300 },
      fallbackModel: 'builtin:lead-3',
      errorThreshold: 1000,
      partitionErrorThreshold: -1,
      filter: { nulls: true, blank: true, shorterThan: 20 },
      incremental: true,
      cache: true,
      lineage: true,
      input: {
        columns: {
          id: { type: 'Int64', maxNullShare: null, minLength: null, maxLength: null },
          body: { type: 'text', maxNullShare: 0.1, minLength: 1, maxLength: 9 },
        },
        rows: { min: 1, max: null },
      },
      result: { columns: { summary: { type: null, maxNullShare: 0, minLength: null, maxLength: null } } },
      cost: { perThousandTokens: 0.02, max: 15 },
      routes: [{ where: "risk = 'high'", output: path.join(folder, 'review.jsonl') }],
      deadline: 5400,
      onFailure: `mail -s "\${PRECIS_JOB_RECORD}" me`,
    });
  });

  it('is one and the same from YAML, JSON, a module, a promise, a function and stdin', async () => {
    const form = { name: 'n', folder, source: 'in.parquet', text: 'body', output: { path: 'o.csv' }, deadline: '2h' };
    const json = JSON.stringify(form);
    const locations = [
      file(json, 'json'),
      file(json),
      file(`export default ${json};`, 'mjs'),
      file(`export default Promise.resolve(${json});`, 'mjs'),
      file(`export default async () => (${json});`, 'mjs'),
    ];
    const specs = await Promise.all(locations.map((location) => readSpec(location)));
    specs.push(await readSpec('-', { stdin: Readable.from([json.slice(0, 20), json.slice(20)]) }), checkSpec(form));
    expect(new Set(specs.map((spec) => specToJson(spec))).size).toBe(1);
    expect(specs[0].deadline).toBe(7200);
  });

  it('has equal JSON whatever the order of its names', async () => {
    const there = await read(`name: x\n${MINIMAL}filter: { nulls: true, blank: true }\n`);
    const back = await read(
      `filter: { blank: true, nulls: true }\noutput: out.parquet\ntext: body\nsource: in.parquet\nname: x\n`,
    );
    expect(specToJson(back)).toBe(specToJson(there));
    expect(JSON.parse(specToJson(there))).toEqual(there);
  });

  it('reads aliases and merges of YAML', async () => {
    const spec = await read(`source: a.csv
output: b.csv
columns:
  - &one { name: a, text: body, numBeams: 2, prefix: x }
  - { <<: *one, name: b, numBeams: 1 }
`);
    expect(spec.columns.map(({ name, options }) => [name, options])).toEqual([
      ['a', { numBeams: 2, prefix: 'x' }],
      ['b', { numBeams: 1, prefix: 'x' }],
    ]);
  });

  it('leaves names that are no paths as they are', async () => {
    const paths = async (source: string) => (await read(`source: ${source}\ntext: t\noutput: x.csv\n`)).source.path;
    expect(await paths('main.default.t')).toBe('main.default.t');
    expect(await paths('"-"')).toBe('-');
    expect(await paths('parts/*.csv')).toBe(path.join(folder, 'parts/*.csv'));
    expect(await paths('/data/a.csv')).toBe('/data/a.csv');
    const model = async (uri: string) => (await read(`${MINIMAL}model: ${uri}\n`)).engine.model;
    expect(await model('models:/a.b.c/3')).toBe('models:/a.b.c/3');
    expect(await model('google/flan-t5-small')).toBe('google/flan-t5-small');
    expect(await model('./flan')).toBe(path.join(folder, 'flan'));
  });
});

describe('what is wrong is told with its place', () => {
  it.each<[string, string, string]>([
    ['a name near another', 'deadlin: 5', '4:1: deadlin is not known; did you mean deadline?'],
    [
      'a name of an inner map',
      'filter: { blnk: true }',
      '4:11: filter.blnk is not known, expected one of nulls, blank, shorterThan; did you mean blank?',
    ],
    ['a name that belongs elsewhere', 'mode: append', '4:1: mode is not known; it is output.mode'],
    ['a kind', 'lineage: yes', '4:10: lineage is "yes", expected true or false; write true'],
    ['a number for a text', 'owner: 5', '4:8: owner is 5, expected a text, not empty; put it in quotes'],
    ['a map for a text', 'owner: { a: 1 }', '4:8: owner is a map of names to values, expected a text, not empty'],
    [
      'a choice',
      'isolation: proces',
      '4:12: isolation is "proces", expected one of process, thread; did you mean process?',
    ],
    [
      'a time',
      'deadline: 5 minutes',
      '4:11: deadline is "5 minutes", expected seconds, or a time such as 45s, 90m, 1h30m or 2d',
    ],
    [
      'a count',
      'partitionRows: 0',
      '4:16: partitionRows is 0, expected a whole number, such as 5000, 10_000, 10k or 2M, at least 1',
    ],
    ['an option of generation', 'generation: { topP: 2 }', '4:21: generation.topP is 2, expected a number from 0 to 1'],
    [
      'an option that nothing takes',
      'columns: [{ name: v, fn: embed }]\ngeneration: { numBeams: 2 }',
      '5:15: generation.numBeams is given, expected a column whose function takes it: here is only embed',
    ],
    [
      'an option of another function',
      'columns: [{ name: a, labels: [x, y] }]',
      '4:22: columns.0.labels is no option of summarize; it is one of classify',
    ],
    [
      'an option of the job',
      'columns: [{ name: a, hangSeconds: 3 }]',
      '4:22: columns.0.hangSeconds is no option of summarize; it is retry.timeout of the whole job',
    ],
    [
      'what an option needs',
      'columns: [{ name: a, numReturnSequences: 2 }]',
      "4:11: columns.0: numReturnSequences 2 with resultType 'string', expected resultType 'string[]'",
    ],
    [
      'a missing option',
      'columns: [{ name: a, fn: query }]',
      '4:11: columns.0.instruction is missing, expected a text, not empty',
    ],
    [
      'two columns of a name',
      'columns: [{ name: a }, { name: a, fn: embed }]',
      '4:26: a second column "a", expected a name of its own',
    ],
    [
      'a model for a module',
      'columns: [{ name: a, fn: module, module: x.js, model: y }]',
      '4:48: columns.0.model with fn module, expected none: it has no model',
    ],
    [
      'column beside columns',
      'column: x\ncolumns: [{ name: a }]',
      '4:1: column and columns are given, expected one of them; name the column in columns',
    ],
    [
      'increments without a key',
      'incremental: true',
      '4:1: an incremental job without a key, expected key: the columns that name a row',
    ],
    ['two keys', 'key: [a, b]\nincremental: { key: a }', '5:16: incremental.key is a, expected a, b, as key says'],
    [
      'a route into the output',
      'routes: [{ where: a = 1, output: out.parquet }]',
      '4:26: routes.0.output is FOLDER/out.parquet, expected another table than that of output',
    ],
    [
      'a threshold',
      'errorThreshold: -2',
      '4:17: errorThreshold is -2, expected a whole number, such as 5000, 10_000, 10k or 2M, at least -1 (-1: any number)',
    ],
    [
      'a type',
      'contract: { input: { columns: { body: nummber } } }',
      '4:33: contract.input.columns.body has the type nummber, expected one of text, number, boolean, time, or as Arrow prints it, such as Int64; did you mean number?',
    ],
    [
      'an unset variable',
      `owner: "\${WHO}"`,
      `4:8: the environment variable WHO of owner is not set, expected a value; set it or write \${WHO:-default}`,
    ],
    ['a variable that is none', `owner: "\${A B}"`, `4:8: owner has "\${A B}", expected \${NAME} or \${NAME:-default}`],
    ['a name twice', 'owner: a\nowner: b', '5:1: Map keys must be unique'],
    ['a circle', 'owner: &a [*a]', '4:12: *a stands within itself, expected an anchor that ends before it'],
    ['a tag', 'owner: !secret x', '4:8: Unresolved tag: !secret'],
  ])('%s', async (_, line, expected) => {
    const found = (await problems(`${MINIMAL}${line}\n`)).map((text) => text.replace(folder, 'FOLDER'));
    expect(found).toContain(expected);
  });

  it('tells all problems at once, in the order of the file, none twice', async () => {
    const lines = await problems(`source: { path: a.csv, limit: 0 }
columns:
  - { name: a, text: t, numBeams: 0 }
  - { name: b, fn: classifi, text: t }
output: { mode: merge, path: 5 }
maxCost: 1
`);
    expect(lines.map((line) => line.split(':').slice(0, 2).join(':'))).toEqual([
      '1:31',
      '3:35',
      '4:20',
      '5:11',
      '5:30',
      '6:1',
    ]);
  });

  it.each<[string, string]>([
    ['', 'the spec is empty'],
    ['- a\n', 'the spec is no map'],
    ['text: a\n', 'source is missing'],
    ['source: a.csv\noutput: b.csv\n', 'text is missing'],
    ['source: a.csv\ntext: t\n', 'output is missing'],
    ['source: [\n', 'Flow sequence'],
  ])('%j: %s', async (content, expected) => {
    expect((await problems(content)).join('\n')).toContain(expected);
  });

  it('never shows the value of a variable', async () => {
    const lines = await problems(
      `${MINIMAL}deadline: "\${SECRET}"\nfilter: { nulls: "x\${SECRET}" }\n`,
      {},
      { SECRET: 'hunter2' },
    );
    expect(lines).toHaveLength(2);
    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines[0]).toContain(`deadline is the value of \${SECRET}`);
  });

  it.each<[string, string, RegExp]>([
    ['what is not there', 'nothing.yaml', /nothing\.yaml is not there/],
    ['a name that is not saved', 'nightly', /no file and no saved job "nightly"/],
    ['another ending', 'job.toml', /job\.toml as a job, expected a \.yaml/],
  ])('%s', async (_, location, expected) => {
    await expect(readSpec(location)).rejects.toThrow(expected);
  });

  it.each<[string, string, RegExp]>([
    ['a module without a default', 'export const job = {};', /has no default export/],
    ['a module that throws', 'throw new Error("broken");', /failed: broken/],
    [
      'a function in a field',
      'export default { source: () => 1, text: "t", output: "x.csv" };',
      /source is a function, expected plain data/,
    ],
  ])('%s', async (_, content, expected) => {
    await expect(readSpec(file(content, 'mjs'))).rejects.toThrow(expected);
  });

  it('refuses TypeScript where Node cannot read it', async () => {
    const at = file('export default { source: "a.csv" as string, text: "t", output: "b.csv" };', 'ts');
    const program = `import('${new URL('../../dist/src/jobs/spec/index.js', import.meta.url).href}').then((m) => m.readSpec(process.argv[1])).then((s) => console.log(s.source.path), (e) => console.log(e.message))`;
    const said = execFileSync(process.execPath, ['-e', program, at], { encoding: 'utf8' });
    const canRead = Boolean((process.features as { typescript?: unknown }).typescript);
    expect(said).toContain(canRead ? path.join(folder, 'a.csv') : 'is TypeScript, which Node');
  });
});

describe('variables', () => {
  const environment = { ROWS: '25', NAME: 'x y', EMPTY: '', CODE: '007' };
  it('are replaced, and are what YAML reads unless a text is wanted', async () => {
    const spec = await read(
      `owner: \${CODE}
source: { path: "\${DIR:-data}/\${NAME}.csv", limit: "\${ROWS}" }
text: "a $\${NAME} \${EMPTY:-b}"
output: out.csv
lineage: \${LINEAGE:-true}
`,
      {},
      environment,
    );
    expect(spec.source).toMatchObject({ path: path.join(folder, 'data/x y.csv'), limit: 25 });
    expect(spec.columns[0].text).toBe(`a \${NAME} b`);
    expect(spec.owner).toBe('007');
    expect(spec.lineage).toBe(true);
  });
});

describe('--set', () => {
  const set = (...assignments: string[]) =>
    read(`${MINIMAL}columns: [{ name: a, numBeams: 4 }]\n`, { set: assignments });

  it('changes what it names', async () => {
    const spec = await set(
      'output.mode=overwrite',
      'columns.0.numBeams=1',
      'columns.a.prefix=x: ',
      'source.limit=10',
      'owner=5',
      'key=[id, n]',
      'retry={maxRetries: 1}',
    );
    expect(spec.output).toMatchObject({ path: path.join(folder, 'out.parquet'), mode: 'overwrite' });
    expect(spec.columns[0].options).toEqual({ numBeams: 1, prefix: 'x:' });
    expect(spec.source).toMatchObject({ path: path.join(folder, 'in.parquet'), limit: 10 });
    expect(spec).toMatchObject({ owner: '5', key: ['id', 'n'], retry: { maxRetries: 1 } });
  });

  it('takes away with an empty value', async () => {
    expect((await set('columns.0.numBeams=')).columns[0].options).toEqual({});
  });

  it('has paths that begin where the command was typed', async () => {
    const overrides = { input: 'here.csv', set: ['fallbackModel=./m'] };
    const spec = await read(`${MINIMAL}output: o.csv\n`.replace('output: out.parquet\n', ''), overrides);
    expect(spec.source.path).toBe(path.resolve('here.csv'));
    expect(spec.fallbackModel).toBe(path.resolve('m'));
    expect(spec.output.path).toBe(path.join(folder, 'o.csv'));
  });

  it.each([
    ['output.mod=x', '--set output.mod: output.mod is not known'],
    ['columns.3.name=x', '--set columns.3.name: columns has no item 3'],
    ['output', '--set "output", expected KEY=VALUE'],
    ['deadline=soon', '--set deadline: deadline is "soon"'],
  ])('%s', async (assignment, expected) => {
    await expect(set(assignment)).rejects.toThrow(expected);
  });
});

describe('manifests', () => {
  const hash = 'AB'.repeat(32);
  it('are read from a file', async () => {
    const list = file(`[{ "file": "a.csv", "rows": 3, "sha256": "${hash}" }, { "file": "b.csv" }]`, 'json');
    const spec = await read(`source: { path: in, manifest: ${path.basename(list)} }\ntext: t\noutput: o.csv\n`);
    expect(spec.source.manifest).toEqual([
      { file: 'a.csv', rows: 3, sha256: hash.toLowerCase() },
      { file: 'b.csv', rows: null, sha256: null },
    ]);
  });

  it('tell what is wrong in the place of that file', async () => {
    const list = file('files:\n  - { file: a.csv, rows: -3 }\n');
    const lines = await problems(`source: { path: in, manifest: ${list} }\ntext: t\noutput: o.csv\n`);
    expect(lines.join('\n')).toContain(`${list}:2:26: files.0.rows is -3`);
  });
});

describe('saved specs', () => {
  it('are what they were, wherever they are read from', async () => {
    const at = file(`${MINIMAL}owner: \${WHO:-me}\n`);
    await saveSpec('nightly', at);
    expect(listSpecs()).toEqual(['nightly']);
    const saved = await readSpec('nightly', { environment: { WHO: 'you' } });
    expect(saved).toEqual({ ...(await readSpec(at, { environment: {} })), name: 'nightly', owner: 'you' });
    await expect(readSpec('nigtly')).rejects.toThrow('did you mean nightly?');
    removeSpec('nightly');
    expect(listSpecs()).toEqual([]);
  });

  it('are not saved when something is wrong with them, nor by a name with a folder', async () => {
    await expect(saveSpec('bad', file('text: a\noutput: b.csv\n'))).rejects.toThrow('source is missing');
    await expect(saveSpec('../bad', file(MINIMAL))).rejects.toThrow('letters, digits');
    expect(listSpecs()).toEqual([]);
  });
});
