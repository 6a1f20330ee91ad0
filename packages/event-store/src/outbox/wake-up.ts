/** A wait that ends when somebody calls, or after a while. A call between two waits is not lost. */
export class WakeUp {
  private called = false;
  private resolve: (() => void) | undefined;

  call(): void {
    this.called = true;
    this.resolve?.();
  }

  async wait(longestMs: number): Promise<void> {
    if (!this.called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, longestMs);
        this.resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.called = false;
    this.resolve = undefined;
  }
}
