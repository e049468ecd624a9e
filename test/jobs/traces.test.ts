import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { observe } from '../../src/jobs/observe/observe.js';
import { openTraces } from '../../src/jobs/observe/traces.js';
import { hasModule, runPython } from '../python.js';
import { jobRecord, partition } from './records.js';

interface Request {
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A collector that answers as it is told, or never. */
async function collector(status: number | null = 200): Promise<{ endpoint: string; requests: Request[] }> {
  const requests: Request[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push({ url: request.url!, headers: request.headers, body });
      if (status !== null) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

// biome-ignore lint/suspicious/noExplicitAny: what came over the wire
const spansOf = (requests: readonly Request[]): any[] =>
  requests.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

async function observedJob(env: NodeJS.ProcessEnv, offline = false): Promise<void> {
  const observer = await observe({ env, offline });
  const running = jobRecord({ state: 'running', ended_at: null });
  observer.update(running);
  observer.update({ ...running, partitions: [partition(0, 1.5)] });
  await observer.step('j1', 'publish', async () => {});
  observer.update(jobRecord({ state: 'failed', problem: 'too many rows failed', partitions: [partition(0, 1.5)] }));
  await observer.close();
}

test('a job, its partitions and its publishing are spans of one trace, below the one of the environment', async () => {
  const { endpoint, requests } = await collector();
  await observedJob({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-tenant = t1',
    OTEL_SERVICE_NAME: 'batch',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=test',
    TRACEPARENT: `00-${TRACE}-00f067aa0ba902b7-01`,
    TRACESTATE: 'vendor=1',
  });
  const [{ url, headers, body }] = requests;
  expect(url).toBe('/v1/traces');
  expect(headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer abc', 'x-tenant': 't1' });
  const attributes = JSON.parse(body).resourceSpans[0].resource.attributes;
  expect(attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'batch' } });
  expect(attributes).toContainEqual({ key: 'deployment.environment', value: { stringValue: 'test' } });

  const [part, publish, job, ...others] = spansOf(requests);
  expect(others).toEqual([]);
  expect([part.name, publish.name, job.name]).toEqual(['partition', 'publish', 'precis job']);
  expect(job).toMatchObject({ traceId: TRACE, parentSpanId: '00f067aa0ba902b7', traceState: 'vendor=1' });
  expect(job.status).toEqual({ code: 2, message: 'too many rows failed' });
  for (const child of [part, publish])
    expect(child).toMatchObject({ traceId: TRACE, parentSpanId: job.spanId, status: {} });
  expect(BigInt(part.endTimeUnixNano) - BigInt(part.startTimeUnixNano)).toBe(1_500_000_000n);
  expect(part.attributes).toContainEqual({ key: 'rows', value: { intValue: '50' } });
});

// OTLP's JSON is that of protobuf, but for ids in hex: the official messages refuse names and types that they do not have.
test.skipIf(!hasModule('opentelemetry.proto'))("OpenTelemetry's own messages take what is sent", async () => {
  const { endpoint, requests } = await collector();
  await observedJob({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${endpoint}/custom/traces` });
  expect(requests.map(({ url }) => url)).toEqual(['/custom/traces']);
  const read = JSON.parse(
    runPython(
      `import base64, json, sys
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
sent = json.loads(sys.argv[1])
for span in sent["resourceSpans"][0]["scopeSpans"][0]["spans"]:
    for name, size in (("traceId", 16), ("spanId", 8), ("parentSpanId", 8)):
        if name in span:
            raw = bytes.fromhex(span[name])
            assert len(raw) == size, (name, span[name])
            span[name] = base64.b64encode(raw).decode()
request = json_format.Parse(json.dumps(sent), ExportTraceServiceRequest(), ignore_unknown_fields=False)
print(json.dumps([[s.name, s.end_time_unix_nano - s.start_time_unix_nano, len(s.trace_id), s.kind, s.status.code]
  for s in request.resource_spans[0].scope_spans[0].spans]))`,
      [requests[0].body],
    ),
  );
  expect(read.map(([name]: [string]) => name)).toEqual(['partition', 'publish', 'precis job']);
  expect(read[0]).toEqual(['partition', 1_500_000_000, 16, 1, 0]);
  expect(read[2][4]).toBe(2);
});

test.each([
  ['offline', (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), true],
  ['without the variable', () => ({}), false],
  ['switched off', (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED: 'true' }), false],
  [
    'no exporter',
    (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_EXPORTER: 'none' }),
    false,
  ],
  [
    'below a span that is not sampled',
    (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACEPARENT: `00-${TRACE}-00f067aa0ba902b7-00` }),
    false,
  ],
] as const)('%s nothing connects', async (_, env, offline) => {
  const { endpoint, requests } = await collector();
  await observedJob(env(endpoint), offline);
  expect(requests).toEqual([]);
});

test.each(['garbage', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `ff-${TRACE}-00f067aa0ba902b7-01`])(
  'the parent %s is none',
  async (TRACEPARENT) => {
    const { endpoint, requests } = await collector();
    await observedJob({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TRACEPARENT });
    for (const span of spansOf(requests)) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.traceId).not.toBe(TRACE);
      expect(span.name === 'precis job').toBe(span.parentSpanId === undefined);
    }
  },
);

test.each([
  ['answers with an error', 503, /^traces cannot be delivered to http.*: status 503$/],
  ['never answers', null, /^traces cannot be delivered to http.*: no answer within 2 s$/],
])('a collector that %s is said once and stops nothing', async (_, status, told) => {
  const { endpoint } = await collector(status);
  const said: string[] = [];
  const traces = openTraces({
    version: '1',
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    say: (line) => said.push(line),
  })!;
  for (let i = 0; i < 600; i++) traces.start('partition').end();
  await traces.close();
  expect(said).toEqual([expect.stringMatching(told), expect.stringMatching(/^600 spans were not delivered to http/)]);
});

test('nobody there, and no address at all', async () => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const traces = openTraces({ version: '1', env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }, say })!;
  traces.start('job').end();
  await traces.close();
  expect(openTraces({ version: '1', env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' }, say })).toBeNull();
  expect(said).toEqual([
    expect.stringMatching(/^traces cannot be delivered to http:\/\/127\.0\.0\.1:1\/v1\/traces: /),
    '1 spans were not delivered to http://127.0.0.1:1/v1/traces',
    'no traces are sent: "collector:4317" is no http address',
  ]);
});

test('many spans go in bounded batches, and more than the queue holds are dropped and counted', async () => {
  const { endpoint, requests } = await collector();
  const said: string[] = [];
  const traces = openTraces({
    version: '1',
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint },
    say: (line) => said.push(line),
  })!;
  for (let i = 0; i < 5000; i++) traces.start('partition').end();
  await traces.close();
  const sizes = requests.map(({ body }) => spansOf([{ body } as Request]).length);
  const sent = sizes.reduce((sum, size) => sum + size, 0);
  expect(Math.max(...sizes)).toBe(512);
  expect(sent).toBe(2048 + 512);
  expect(said).toEqual([`${5000 - sent} spans were not delivered to ${endpoint}/v1/traces`]);
});
