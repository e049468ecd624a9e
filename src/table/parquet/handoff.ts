/** Gives items one by one to whoever reads the stream: `give` resolves when the item before was taken. */
export class Handoff<T> {
  readonly stream: ReadableStream<T>;
  failure: unknown = null;
  private controller!: ReadableStreamDefaultController<T>;
  private wanted!: Promise<void>;
  private want!: () => void;

  constructor() {
    this.renew();
    this.stream = new ReadableStream<T>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.want(),
      },
      { highWaterMark: 0 },
    );
  }

  async give(item: T): Promise<void> {
    await this.wanted;
    if (this.failure) throw this.failure;
    this.renew();
    this.controller.enqueue(item);
  }

  async end(): Promise<void> {
    await this.wanted;
    if (this.failure) throw this.failure;
    this.controller.close();
  }

  /** Whoever gives or reads, now or later, meets this error. */
  fail(error: unknown): void {
    if (this.failure) return;
    this.failure = error;
    try {
      this.controller.error(error);
    } catch {
      // It was closed before: nobody reads from it any more.
    }
    this.want();
  }

  private renew(): void {
    this.wanted = new Promise((resolve) => {
      this.want = resolve;
    });
  }
}
