import { createInterface } from 'node:readline';

/** What every child of the benchmark is asked; bench/peers/protocol.py is the same for Python. */
export type Request = { op: 'load'; documents: number[][] } | { op: 'run' };

export interface RunAnswer {
  /** Wall time of generation alone: the model is loaded and warm, the documents are there. */
  readonly seconds: number;
  /** Generated ids in the order of the documents, without the decoder's start token. */
  readonly outputs: readonly (readonly number[])[];
}

export interface Contestant {
  load(documents: number[][]): Promise<void>;
  run(): Promise<RunAnswer>;
}

/** Serves a contestant over stdin and stdout, one JSON line each way, until stdin ends. */
export async function serve(contestant: Contestant): Promise<void> {
  reply({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as Request;
    if (request.op === 'load') {
      await contestant.load(request.documents);
      reply({ loaded: request.documents.length });
    } else {
      reply(await contestant.run());
    }
  }
}

function reply(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
