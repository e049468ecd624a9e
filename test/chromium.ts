import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { describe } from 'vitest';

/** A real browser, from PRECIS_TEST_CHROMIUM or the path. */
export const chromium: string | undefined = findChromium();

/** A suite that is skipped, saying so, where there is no browser. */
export const describeChromium: ReturnType<typeof describe.skipIf> = describe.skipIf(!chromium);

function findChromium(): string | undefined {
  const named = process.env.PRECIS_TEST_CHROMIUM;
  for (const name of named ? [named] : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const { status, error } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (status === 0) return name;
    // Whoever sets it wants these tests: a browser that does not work must not look like success.
    if (named) throw new Error(`PRECIS_TEST_CHROMIUM=${named} does not run: ${error ?? `it ended with ${status}`}`);
  }
  console.log('skipped what opens a page: there is no Chromium on the path; install it or set PRECIS_TEST_CHROMIUM');
  return undefined;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** One page of a browser of its own, spoken to in the DevTools protocol over a pipe. */
export class Page {
  /** What happened since the page was opened, by the protocol's names. */
  readonly events: Message[] = [];
  private readonly profile = mkdtempSync(path.join(tmpdir(), 'precis-chromium-'));
  private readonly process = spawn(
    chromium!,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe'],
      ...['--no-first-run', '--disable-background-networking', `--user-data-dir=${this.profile}`, 'about:blank'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  private readonly waiting = new Map<number, (message: Message) => void>();
  private readonly listeners = new Map<string, () => void>();
  private session: string | undefined;
  private last = 0;

  static async open(): Promise<Page> {
    const page = new Page();
    page.listen();
    const { targetInfos } = await page.send('Target.getTargets');
    const target = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === 'page')!;
    const { sessionId } = await page.send('Target.attachToTarget', { targetId: target.targetId, flatten: true });
    page.session = sessionId as string;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page.send(`${domain}.enable`);
    return page;
  }

  async goTo(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.listeners.set('Page.loadEventFired', resolve));
    await this.send('Page.navigate', { url });
    await loaded;
  }

  /** The value of an expression in the page; a promise is waited for. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return (answer.result as { value: T }).value;
  }

  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.last;
    const answered = new Promise<Message>((resolve) => this.waiting.set(id, resolve));
    const message = JSON.stringify({ id, method, params, sessionId: this.session });
    (this.process.stdio[3] as Writable).write(`${message}\0`);
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result!;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('close', resolve));
    this.process.kill();
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private listen(): void {
    let rest = '';
    (this.process.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (rest + chunk).split('\0');
      rest = messages.pop()!;
      for (const message of messages) this.take(JSON.parse(message));
    });
  }

  private take(message: Message): void {
    if (message.id !== undefined) this.waiting.get(message.id)?.(message);
    else {
      this.events.push(message);
      this.listeners.get(message.method!)?.();
    }
  }
}
