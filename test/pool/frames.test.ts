import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FrameLink, FrameReader } from '../../src/pool/frames.js';

const FRAMES: [message: unknown, body: Uint8Array][] = [
  [{ kind: 'run', task: 1 }, Uint8Array.of(1, 2, 3)],
  [{ kind: 'cancel', task: Number.POSITIVE_INFINITY, nothing: undefined }, new Uint8Array()],
  [null, new Uint8Array(1000).fill(7)],
  [{ text: 'ä€😀', map: new Map([[1, 'one']]) }, Uint8Array.of(0)],
];

/** All frames as the bytes that go over the wire. */
function wire(): Buffer {
  const chunks: Buffer[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const link = new FrameLink<unknown, unknown>(stream, () => {});
  for (const [message, body] of FRAMES) link.send(message, body);
  return Buffer.concat(chunks);
}

describe('frames', () => {
  it.each([1, 2, 3, 7, 8, 9, 64, 1009, 100_000])('are read whole out of chunks of %i bytes', (size) => {
    const bytes = wire();
    const read: [unknown, Uint8Array][] = [];
    const reader = new FrameReader<unknown>((message, body) => read.push([message, new Uint8Array(body)]));
    for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
    expect(read).toEqual(FRAMES);
  });

  it('have bodies in buffers of their own, which may be given away', () => {
    const bodies: Uint8Array<ArrayBuffer>[] = [];
    new FrameReader((_, body) => bodies.push(body)).read(wire());
    for (const body of bodies) {
      expect(body.buffer.byteLength).toBe(body.byteLength);
      const given = structuredClone(body, { transfer: [body.buffer] });
      expect(body.byteLength).toBe(0);
      expect(given.byteLength).toBeGreaterThanOrEqual(0);
    }
  });

  it('are dropped when the other end is gone', async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(path.join(tmpdir(), `precis-frames-${process.pid}.sock`));
    await once(server, 'listening');
    const socket = connect(server.address() as string);
    const link = new FrameLink<unknown, unknown>(socket, () => {});
    await once(socket, 'close');
    link.send({ kind: 'late' }, new Uint8Array(1000));
    server.close();
    expect(socket.destroyed).toBe(true);
  });
});
