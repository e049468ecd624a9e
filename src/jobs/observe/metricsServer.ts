import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { PrecisError } from '../../errors.js';
import { METRICS_TYPE } from './metricsText.js';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers GET /metrics with what `text` returns. It does not keep the process alive. */
export async function serveMetrics(address: string, text: () => string): Promise<MetricsServer> {
  const { host, port } = metricsAddress(address);
  const server = http.createServer((request, response) => answer(request, response, text));
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  server.maxConnections = 32;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw new PrecisError('usage', {
      found: `metrics cannot be served on ${host}:${port}: ${(error as Error).message}`,
      expected: 'a port that is free',
      action: 'name another one, or 0 for any',
      cause: error,
    });
  }
  server.unref();
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/metrics`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** `9464`, `0.0.0.0:9464` or `[::1]:9464`; without an address only this machine can ask. */
export function metricsAddress(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  const port = Number(digits);
  if (digits !== undefined && port <= 65535) return { host: bracketed ?? plain ?? '127.0.0.1', port };
  throw new PrecisError('usage', {
    found: `the metrics port ${JSON.stringify(text)}`,
    expected: 'a port such as 9464, or an address and a port such as 0.0.0.0:9464',
  });
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, text: () => string): void {
  const send = (status: number, type: string, body: string) => {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const plain = 'text/plain; charset=utf-8';
  if (request.method !== 'GET' && request.method !== 'HEAD') send(405, plain, 'only GET\n');
  else if (request.url?.split('?')[0] !== '/metrics') send(404, plain, 'metrics are at /metrics\n');
  else {
    try {
      send(200, METRICS_TYPE, text());
    } catch (error) {
      send(500, plain, `${(error as Error).message}\n`);
    }
  }
}
