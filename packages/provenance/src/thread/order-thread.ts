import { Worker } from 'node:worker_threads';

/** What a thread answers. `fault`: why the order could not be carried out, in words. */
export type Answer =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly fault: string };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** A thread that carries out orders; it starts at the first, and is replaced when it dies. */
export class OrderThread<Order extends object> {
  private readonly waiting = new Map<number, Waiting>();
  private thread: Worker | undefined;
  private orders = 0;

  /** @param given what the thread finds as its `workerData` */
  constructor(
    private readonly file: URL,
    private readonly given: unknown,
  ) {}

  /** @throws Error with what went wrong, in words */
  order(order: Order): Promise<unknown> {
    const number = ++this.orders;
    const thread = this.running();
    return new Promise((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      thread.ref();
      thread.postMessage({ ...order, number });
    });
  }

  /** What is under way is given up. */
  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private running(): Worker {
    if (this.thread) return this.thread;
    const thread = new Worker(this.file, { workerData: this.given });
    thread.on('message', (answer: Answer) => this.heard(answer));
    thread.on('error', (cause) => this.ended(thread, cause));
    thread.on('exit', () => this.ended(thread));
    this.thread = thread;
    return thread;
  }

  private heard(answer: Answer): void {
    const waiting = this.waiting.get(answer.number);
    this.waiting.delete(answer.number);
    // An idle thread must not keep the process alive.
    if (this.waiting.size === 0) this.thread?.unref();
    if ('fault' in answer) waiting?.reject(new Error(answer.fault));
    else waiting?.resolve(answer.result);
  }

  private ended(thread: Worker, cause?: unknown): void {
    if (this.thread !== thread) return;
    this.thread = undefined;
    for (const { reject } of this.waiting.values()) {
      reject(new Error('the thread ended before it was done', { cause }));
    }
    this.waiting.clear();
  }
}
