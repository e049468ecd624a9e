import { text } from 'node:stream/consumers';

export function print(output: string): void {
  process.stdout.write(output);
}

/** A line for people, which is neither a result nor an error. */
export function say(line: string): void {
  process.stderr.write(`precis: ${line}\n`);
}

/** Lines of UTF-8; an empty line is an empty text, and what follows the last line break only counts if there is something. */
export async function readLines(stream: NodeJS.ReadableStream): Promise<string[]> {
  const lines = (await text(stream as NodeJS.ReadStream)).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Whoever reads our output may stop reading (`| head -1`): that is the end of the work, and no error. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(0);
    });
  }
}
