import type { FileHandle } from 'node:fs/promises';

/** Bytes from front to back. */
export interface ByteInput {
  /** Fills the target as far as there are bytes, and says how far. */
  readInto(target: Uint8Array): Promise<number>;
}

/** A part of a file. */
export function fileInput(file: FileHandle, start: number, end: number): ByteInput {
  let at = start;
  return {
    async readInto(target) {
      const wanted = Math.min(target.length, end - at);
      let done = 0;
      while (done < wanted) {
        const { bytesRead } = await file.read(target, done, wanted - done, at + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      at += done;
      return done;
    },
  };
}

/** A pipe: what comes is taken as it comes. */
export function streamInput(chunks: AsyncIterable<Uint8Array>): ByteInput & { close(): Promise<void> } {
  const iterator = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    async readInto(target) {
      let done = 0;
      while (done < target.length) {
        if (rest.length === 0) {
          const next = await iterator.next();
          if (next.done) break;
          rest = next.value;
          continue;
        }
        const taken = rest.subarray(0, target.length - done);
        target.set(taken, done);
        rest = rest.subarray(taken.length);
        done += taken.length;
      }
      return done;
    },
    /** Who stops early lets go of the pipe: the process would wait for its end. */
    async close() {
      await iterator.return?.();
    },
  };
}
