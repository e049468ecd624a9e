import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** How a child of the benchmark is started; its settings go to it as one JSON argument. */
export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Enough of a child's complaints to see what went wrong. */
const STDERR_LINES = 20;

/** A child that answers each JSON line on its stdin with one JSON line on its stdout, and ends when its stdin does. */
export class Child {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly answers: AsyncIterator<string>;
  private readonly complaints: string[] = [];
  private readonly ended: Promise<number | null>;

  private constructor(private readonly command: ChildCommand) {
    const { program, args, settings, env } = command;
    this.process = spawn(program, [...args, JSON.stringify(settings)], { env: { ...process.env, ...env } });
    this.lines = createInterface({ input: this.process.stdout });
    this.answers = this.lines[Symbol.asyncIterator]();
    createInterface({ input: this.process.stderr }).on('line', (line) => {
      this.complaints.push(line);
      if (this.complaints.length > STDERR_LINES) this.complaints.shift();
    });
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => {
        this.complaints.push(String(error));
        this.lines.close();
        resolve(null);
      });
      this.process.once('close', resolve);
    });
    // A child that died shows in the missing answer; the broken pipe itself says nothing more.
    this.process.stdin.on('error', () => {});
  }

  /** Resolves once the child has said that it is ready. */
  static async start(command: ChildCommand): Promise<Child> {
    const child = new Child(command);
    await child.answer();
    return child;
  }

  get pid(): number {
    return this.process.pid!;
  }

  async call<T>(message: unknown): Promise<T> {
    this.process.stdin.write(`${JSON.stringify(message)}\n`);
    return (await this.answer()) as T;
  }

  async close(): Promise<void> {
    this.process.stdin.end();
    await this.ended;
  }

  private async answer(): Promise<unknown> {
    const { value, done } = await this.answers.next();
    if (!done) return JSON.parse(value);
    const code = await this.ended;
    const command = [this.command.program, ...this.command.args].join(' ');
    throw new Error(`${command} ended with ${code} instead of an answer\n${this.complaints.join('\n')}`);
  }
}
