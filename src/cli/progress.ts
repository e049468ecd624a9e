const LINE_EVERY_MS = 5000;
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 24;

/** How far the work is. What is zero or unknown is not shown. */
export interface WorkDone {
  readonly done: number;
  /** Input and output tokens together. */
  readonly tokens?: number;
  readonly truncated?: number;
  readonly failed?: number;
}

/** On stderr: a bar for people, a line every few seconds for logs. Short work stays silent. */
export class Progress {
  private readonly isTerminal = process.stderr.isTTY === true;
  private begin = 0;
  private timer: NodeJS.Timeout | undefined;
  private latest: WorkDone = { done: 0 };
  private barShown = false;

  /** `total` may not be known; `about` is said before the rest, where there are several works; what was done before counts for no rate. */
  constructor(
    private readonly what: string,
    private readonly total: number | undefined,
    private readonly about?: string,
    private readonly before = 0,
  ) {}

  /** From here on rates and the time left are reckoned. */
  start(): void {
    this.begin = performance.now();
    this.timer = setInterval(() => this.show(), this.isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS);
    // It only tells of the work; it must not keep the process waiting.
    this.timer.unref();
  }

  update(work: WorkDone): void {
    this.latest = work;
  }

  /** Takes the bar away. */
  end(): void {
    clearInterval(this.timer);
    this.clear();
  }

  /** A line that stays, above the bar. */
  say(line: string): void {
    this.clear();
    process.stderr.write(`precis: ${line}\n`);
  }

  private clear(): void {
    if (this.barShown) process.stderr.write('\r\x1b[K');
    this.barShown = false;
  }

  private show(): void {
    const seconds = (performance.now() - this.begin) / 1000;
    const described = describe(this.latest, this.what, this.total, seconds, this.before);
    const text = this.about === undefined ? described : `${this.about}: ${described}`;
    if (!this.isTerminal) {
      process.stderr.write(`precis: ${text}\n`);
      return;
    }
    const line = fitting(`${bar(this.latest.done, this.total)}${text}`, process.stderr.columns);
    process.stderr.write(`\r\x1b[K${line}`);
    this.barShown = true;
  }
}

/** `120 of 500 rows, 24.1 rows/s, 11,300 tokens/s, 0:16 left, 3 truncated`. */
export function describe(work: WorkDone, what: string, total: number | undefined, seconds: number, before = 0): string {
  const { done, tokens = 0, truncated = 0, failed = 0 } = work;
  const parts = [total === undefined ? `${count(done)} ${what}` : `${count(done)} of ${count(total)} ${what}`];
  const own = done - before;
  if (own > 0 && seconds > 0) {
    parts.push(`${rate(own / seconds)} ${what}/s`);
    if (tokens > 0) parts.push(`${rate(tokens / seconds)} tokens/s`);
    if (total !== undefined && total > done) parts.push(`${clock((seconds / own) * (total - done))} left`);
  }
  if (truncated > 0) parts.push(`${count(truncated)} truncated`);
  if (failed > 0) parts.push(`${count(failed)} failed`);
  return parts.join(', ');
}

/** A bar that is wider than the terminal would leave a line behind at each turn. A terminal that does not know its width says 0. */
export function fitting(line: string, columns: number | undefined): string {
  return line.slice(0, (columns || 80) - 1);
}

function bar(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return '';
  const filled = Math.min(BAR_WIDTH, Math.round((BAR_WIDTH * done) / total));
  return `[${'#'.repeat(filled).padEnd(BAR_WIDTH)}] `;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Three digits say enough of a rate. */
export function rate(value: number): string {
  return value >= 100 ? count(Math.round(value)) : Number(value.toPrecision(3)).toString();
}

export function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = String(rest).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${padded}` : `${minutes}:${padded}`;
}
