import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

/** Two lengths in bytes: of the message and of the body. */
const HEAD_BYTES = 8;

/** What came: a message, and the bytes that belong to it in a buffer of their own. */
export type OnFrame<Message> = (message: Message, body: Uint8Array<ArrayBuffer>) => void;

/**
 * Messages with a body of bytes over a stream between two processes. Node's own channel (`child.send` with advanced serialization) took up to twice
 * the time for megabytes, and its buffers cannot be handed on to a worker thread without another copy.
 */
export class FrameLink<Out, In> {
  private readonly reader: FrameReader<In>;

  constructor(
    private readonly stream: Duplex,
    onFrame: OnFrame<In>,
  ) {
    this.reader = new FrameReader(onFrame);
    stream.on('data', (chunk: Buffer) => this.reader.read(chunk));
    // A broken pipe is the other's end, which is heard of as an end; nothing can be done about it here.
    stream.on('error', () => {});
  }

  send(message: Out, body?: Uint8Array): void {
    if (!this.stream.writable) return;
    const data = serialize(message);
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32LE(data.length, 0);
    head.writeUInt32LE(body?.length ?? 0, 4);
    this.stream.cork();
    this.stream.write(head);
    this.stream.write(data);
    if (body?.length) this.stream.write(body);
    this.stream.uncork();
  }
}

/** Puts frames together out of chunks that may be cut anywhere. */
export class FrameReader<Message> {
  /** What is read at present, and how much of it there is. */
  private part = Buffer.allocUnsafeSlow(HEAD_BYTES);
  private filled = 0;
  private state: 'head' | 'message' | 'body' = 'head';
  private bodyBytes = 0;
  private message: Buffer | undefined;

  constructor(private readonly onFrame: OnFrame<Message>) {}

  read(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(this.part, this.filled, at);
      this.filled += copied;
      at += copied;
      // A part of no bytes is complete as it begins.
      while (this.filled === this.part.length) this.complete();
    }
  }

  private complete(): void {
    const part = this.part;
    switch (this.state) {
      case 'head':
        this.bodyBytes = part.readUInt32LE(4);
        this.expect('message', part.readUInt32LE(0));
        return;
      case 'message':
        this.message = part;
        this.expect('body', this.bodyBytes);
        return;
      case 'body':
        this.expect('head', HEAD_BYTES);
        // Never out of Node's shared pool: whoever gets the body may give its buffer away.
        this.onFrame(deserialize(this.message!), part as Buffer<ArrayBuffer>);
    }
  }

  private expect(state: 'head' | 'message' | 'body', bytes: number): void {
    this.state = state;
    this.part = Buffer.allocUnsafeSlow(bytes);
    this.filled = 0;
  }
}
