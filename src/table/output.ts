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

/** Standard output, or any pipe. When its reader has left, that is the end of the work and no error. */
export function pipeOutput(stream: Writable): Output {
  let isClosed = false;
  let failure: Error | null = null;
  const wake = new Set<() => void>();
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') isClosed = true;
    else failure = error;
    for (const resume of wake) resume();
  };
  stream.on('error', onError);
  return {
    get closed() {
      return isClosed;
    },
    async write(bytes) {
      if (failure) throw failure;
      if (isClosed) return;
      await new Promise<void>((resolve) => {
        wake.add(resolve);
        // Resolved when the bytes have left, so that a slow reader slows the work down.
        stream.write(bytes, () => resolve());
      }).finally(() => wake.clear());
      if (failure) throw failure;
    },
    finish: async () => {
      stream.off('error', onError);
    },
    discard: async () => {
      stream.off('error', onError);
    },
  } as Output;
}
