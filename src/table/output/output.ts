import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';

/** Where a sink's bytes go, from front to back. */
export interface Output {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when all bytes are where they belong. */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

export async function fileOutput(path: string): Promise<Output> {
  const file: FileHandle = await open(path, 'w');
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
    },
    async finish() {
      await file.sync();
      await file.close();
    },
    async discard() {
      await file.close().catch(() => {});
      await rm(path, { force: true });
    },
  };
}

/**
 * Standard output, or any pipe. A slow reader slows the work down; when it has left, that is the end of the work and no error. The
 * signal ends a wait for a reader that does not read.
 */
export function pipeOutput(stream: Writable, signal?: AbortSignal): Output {
  let isClosed = false;
  let failure: Error | null = null;
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') isClosed = true;
    else failure ??= error;
  };
  stream.on('error', onError);
  const letGo = async () => {
    stream.off('error', onError);
  };
  return {
    async write(bytes) {
      if (!isClosed && !failure) await written(stream, bytes, signal).catch(onError);
      signal?.throwIfAborted();
      if (failure) throw failure;
    },
    finish: letGo,
    discard: letGo,
  };
}

/** Resolves when the bytes have left, or the signal says that nobody waits for that any more. */
async function written(stream: Writable, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  let stop = () => {};
  await new Promise<void>((resolve, reject) => {
    stop = resolve;
    signal?.addEventListener('abort', stop, { once: true });
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  }).finally(() => signal?.removeEventListener('abort', stop));
}
