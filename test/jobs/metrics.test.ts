import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { metricsAddress, serveMetrics } from '../../src/jobs/observe/metricsServer.js';
import { metricsText } from '../../src/jobs/observe/metricsText.js';
import { observe } from '../../src/jobs/observe/observe.js';
import { hasModule, runPython } from '../python.js';
import { jobRecord, partition } from './records.js';
import { temporaryFolder } from './temporary.js';

const AWKWARD = 'a "quoted" \\ back\\nslash\nsecond line, é 日本 {x="y"} # TYPE';

const RECORDS = [
  jobRecord({
    name: AWKWARD,
    owner: 'ops\\',
    partitions: [partition(0, 0.3), partition(1, 61), partition(2, 5000)],
    cost: 1.5,
    events: ['a worker died'],
    drift: { input_length: 1.25, output_length: 0.5, runs: 3 },
    engine_peak_memory_bytes: 5e9,
  }),
  jobRecord({ id: 'j2', name: null, output: 'other.parquet', state: 'running', ended_at: null, rows_total: null }),
];

test('the metrics of a job, line by line', () => {
  const lines = metricsText([jobRecord({ partitions: [partition(0, 0.3)] })]).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      '# HELP precis_job_rows_total Rows that were committed, by what became of them.',
      '# TYPE precis_job_rows_total counter',
      'precis_job_rows_total{name="nightly",result="succeeded"} 95',
      'precis_job_rows_total{name="nightly",result="failed"} 2',
      'precis_job_state{name="nightly",state="done"} 1',
      'precis_job_state{name="nightly",state="failed"} 0',
      'precis_job_tokens_total{name="nightly",direction="input"} 9500',
      'precis_job_partition_seconds_bucket{name="nightly",le="0.5"} 1',
      'precis_job_ended_timestamp_seconds{name="nightly"} 1772330410',
    ]),
  );
  expect(lines.filter((line) => line.includes('_cost') || line.includes('engine"'))).toEqual([
    'precis_job_phase_seconds_total{name="nightly",phase="engine"} 8',
  ]);
  expect(lines.at(-1)).toBe('');
});

test('two runs of one name are one series, that of the last', () => {
  const text = metricsText([jobRecord({ id: 'a', failed: 7 }), jobRecord({ id: 'b', failed: 9 })]);
  expect(text.match(/^precis_job_rows_total.*failed.*$/gm)).toEqual([
    'precis_job_rows_total{name="nightly",result="failed"} 9',
  ]);
});

test.skipIf(!hasModule('prometheus_client'))("Prometheus' own parser reads every sample as it was meant", () => {
  const read = JSON.parse(
    runPython(
      `import json, sys
from prometheus_client.parser import text_string_to_metric_families
print(json.dumps([[f.name, f.type, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]]
  for f in text_string_to_metric_families(sys.argv[1])]))`,
      [metricsText(RECORDS)],
    ),
  ) as [string, string, string, [string, Record<string, string>, number][]][];
  const value = (name: string, labels: Record<string, string>) =>
    read
      .flatMap(([, , , samples]) => samples)
      .filter(
        ([sample, found]) => sample === name && Object.entries(labels).every(([key, text]) => found[key] === text),
      )
      .map(([, , found]) => found);
  expect(value('precis_job_info', { name: AWKWARD, owner: 'ops\\', model: 'builtin:echo' })).toEqual([1]);
  expect(value('precis_job_rows_total', { name: 'other.parquet', result: 'filtered' })).toEqual([3]);
  expect(value('precis_job_partition_seconds_bucket', { name: AWKWARD, le: '300' })).toEqual([2]);
  expect(value('precis_job_partition_seconds_bucket', { name: AWKWARD, le: '+Inf' })).toEqual([3]);
  expect(value('precis_job_partition_seconds_sum', { name: AWKWARD })).toEqual([5061.3]);
  expect(value('precis_job_length_drift_ratio', { of: 'output' })).toEqual([0.5]);
  expect(value('precis_job_peak_memory_bytes', { process: 'engine' })).toEqual([5e9]);
  expect(value('precis_job_state', { name: 'other.parquet', state: 'running' })).toEqual([1]);
  for (const [name, type, help] of read) {
    expect(`${name} ${type} ${help}`).toMatch(/^precis_job_[a-z_]+ (counter|gauge|histogram) \S.*\.$/);
  }
});

test('metrics of a running job are asked for over HTTP', async () => {
  const observer = await observe({ metricsPort: '0' });
  onTestFinished(() => observer.close());
  const url = observer.metricsUrl!;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
  observer.update(jobRecord({ state: 'running', succeeded: 10 }));
  const first = await fetch(url);
  expect(first.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await first.text()).toContain('result="succeeded"} 10\n');
  observer.update(jobRecord({ state: 'running', succeeded: 20 }));
  expect(await (await fetch(url)).text()).toContain('result="succeeded"} 20\n');
  expect((await fetch(new URL('/', url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
  expect((await fetch(url, { method: 'HEAD' })).status).toBe(200);
});

test('a connection that hangs does not keep the server from closing', async () => {
  const server = await serveMetrics('0', () => '');
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
  await new Promise((resolve) => socket.on('connect', resolve));
  const ended = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {});
  await server.close();
  await ended;
});

test('a port that is taken is said', async () => {
  const server = await serveMetrics('127.0.0.1:0', () => '');
  onTestFinished(() => server.close());
  const { port } = new URL(server.url);
  await expect(serveMetrics(port, () => '')).rejects.toThrow(
    new RegExp(`^\\[usage\\] metrics cannot be served on 127\\.0\\.0\\.1:${port}: .*EADDRINUSE`),
  );
});

test.each([
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
  ['metrics.local:80', { host: 'metrics.local', port: 80 }],
])('%s is an address', (text, expected) => expect(metricsAddress(text)).toEqual(expected));

test.each(['', 'x', '70000', '::1:80', ':80', '80:x'])('%j is no address', (text) => {
  expect(() => metricsAddress(text)).toThrow(/^\[usage\] the metrics port /);
});

test('the file is always whole, and nothing lies beside it', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'precis.prom');
  const observer = await observe({ metricsFile: file });
  observer.update(jobRecord({ state: 'running', succeeded: 10 }));
  expect(readFileSync(file, 'utf8')).toBe(metricsText([jobRecord({ state: 'running', succeeded: 10 })]));
  observer.update(jobRecord());
  await observer.close();
  expect(readFileSync(file, 'utf8')).toBe(metricsText([jobRecord()]));
  expect(readdirSync(folder)).toEqual(['precis.prom']);
});

test('a file that cannot be written is said once, and the job goes on', async () => {
  const said: string[] = [];
  const observer = await observe({ metricsFile: path.join('/proc', 'precis.txt'), say: (line) => said.push(line) });
  observer.update(jobRecord({ state: 'running' }));
  observer.update(jobRecord());
  await observer.close();
  expect(said).toEqual([
    '/proc/precis.txt does not end with .prom: node_exporter would not read it',
    expect.stringMatching(/^metrics are not written: /),
  ]);
});
