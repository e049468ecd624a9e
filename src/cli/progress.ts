const LINE_EVERY_MS = 5000;
const BAR_EVERY_MS = 100;
const BAR_WIDTH = 30;

/** How far the work is, on stderr: a bar for people, a line every few seconds for logs. Short work stays silent. */
export class Progress {
  private done = 0;
  private shownAt = performance.now();
  private barShown = false;
  private readonly isTerminal = process.stderr.isTTY === true;

  constructor(
    private readonly what: string,
    private readonly total: number,
  ) {}

  advance(): void {
    this.done++;
    const now = performance.now();
    if (now - this.shownAt < (this.isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.shownAt = now;
    const counts = `${this.done} of ${this.total} ${this.what}`;
    if (!this.isTerminal) {
      process.stderr.write(`precis: ${counts}\n`);
      return;
    }
    const filled = Math.round((BAR_WIDTH * this.done) / this.total);
    process.stderr.write(`\r[${'#'.repeat(filled).padEnd(BAR_WIDTH)}] ${counts}`);
    this.barShown = true;
  }

  /** Takes the bar away. */
  end(): void {
    if (this.barShown) process.stderr.write('\r\x1b[K');
    this.barShown = false;
  }
}
