/** Wakes those who wait for something to change; each looks for himself whether it did. */
export class Bell {
  private wake!: () => void;
  private waiting = this.next();

  rung(): Promise<void> {
    return this.waiting;
  }

  ring(): void {
    const { wake } = this;
    this.waiting = this.next();
    wake();
  }

  private next(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
