import { deal } from '../src/measure/deal.js';
import { Child, type ChildCommand } from './child.js';
import type { RunAnswer } from './protocol.js';

/** One side of a contest: one or several equal processes that share the documents. */
export class Team {
  private shares: number[][] = [];
  private count = 0;

  private constructor(private readonly children: readonly Child[]) {}

  static async start(command: ChildCommand, processes = 1): Promise<Team> {
    const starting = Array.from({ length: processes }, () => Child.start(command));
    return new Team(await Promise.all(starting));
  }

  get pids(): number[] {
    return this.children.map((child) => child.pid);
  }

  async load(documents: readonly number[][]): Promise<void> {
    this.count = documents.length;
    // A single process gets the documents as they come: sorting them is its own affair.
    this.shares =
      this.children.length === 1
        ? [documents.map((_, index) => index)]
        : deal(
            documents.map((ids) => ids.length),
            this.children.length,
          );
    await Promise.all(
      this.children.map((child, i) =>
        child.call({ op: 'load', documents: this.shares[i].map((index) => documents[index]) }),
      ),
    );
  }

  /** All processes start together; the side has finished when its slowest process has. */
  async run<T extends RunAnswer>(): Promise<{ seconds: number; outputs: (readonly number[])[]; answers: T[] }> {
    const answers = await Promise.all(this.children.map((child) => child.call<T>({ op: 'run' })));
    const outputs: (readonly number[])[] = new Array(this.count);
    answers.forEach((answer, i) => {
      answer.outputs.forEach((ids, place) => {
        outputs[this.shares[i][place]] = ids;
      });
    });
    return { seconds: Math.max(...answers.map((answer) => answer.seconds)), outputs, answers };
  }

  async close(): Promise<void> {
    await Promise.all(this.children.map((child) => child.close()));
  }
}
