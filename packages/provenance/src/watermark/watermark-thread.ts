import { Worker } from 'node:worker_threads';
import type { Pixels } from './embed.js';
import type { Candidate } from './search.js';
import { Watermark, type WatermarkId } from './watermark.js';

export type Order =
  | { kind: 'find'; image: Uint8Array }
  | { kind: 'write'; pixels: Pixels; id: WatermarkId; made?: Uint8Array | undefined };
/** What became of an order. `fault`: why it could not be carried out, in words. */
export type Result =
  { number: number; result: Uint8Array | Candidate[] } | { number: number; fault: string };

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (reason: Error) => void;
}

/** Up to here writing takes less time than handing the pixels to another thread is worth. */
const AT_ONCE_PIXELS = 100_000;

/** A watermark that is written and looked for on a thread of its own, which starts at the first order. */
export class WatermarkThread {
  private readonly watermark: Watermark;
  private readonly waiting = new Map<number, Waiting>();
  private thread: Worker | undefined;
  private orders = 0;

  constructor(private readonly key: Uint8Array) {
    this.watermark = new Watermark(key);
  }

  /** As `Watermark.idOf`. */
  idOf(jobId: string, picture: number): WatermarkId {
    return this.watermark.idOf(jobId, picture);
  }

  /** Orders that are not done yet. */
  get load(): number {
    return this.waiting.size;
  }

  /** As `Watermark.write`, into a copy. */
  async write(pixels: Pixels, id: WatermarkId, made?: Uint8Array): Promise<Pixels> {
    if (pixels.width * pixels.height <= AT_ONCE_PIXELS) {
      const copy = { ...pixels, data: new Uint8Array(pixels.data) };
      this.watermark.write(copy, id, made);
      return copy;
    }
    return { ...pixels, data: await this.order<Uint8Array>({ kind: 'write', pixels, id, made }) };
  }

  /** As `findWatermark`. */
  find(image: Uint8Array): Promise<Candidate[]> {
    return this.order({ kind: 'find', image });
  }

  /** What is under way is given up. */
  async close(): Promise<void> {
    await this.thread?.terminate();
  }

  private order<T>(order: Order): Promise<T> {
    const number = ++this.orders;
    const thread = this.running();
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(number, { resolve, reject });
      thread.ref();
      thread.postMessage({ ...order, number });
    });
  }

  private running(): Worker {
    if (this.thread) return this.thread;
    const thread = new Worker(new URL('./watermark.thread.js', import.meta.url), {
      workerData: this.key,
    });
    thread.on('message', (result: Result) => this.heard(result));
    thread.on('error', (cause) => this.ended(thread, cause));
    thread.on('exit', () => this.ended(thread));
    this.thread = thread;
    return thread;
  }

  private heard(message: Result): void {
    const waiting = this.waiting.get(message.number);
    this.waiting.delete(message.number);
    // An idle thread must not keep the process alive.
    if (this.waiting.size === 0) this.thread?.unref();
    if ('fault' in message) waiting?.reject(new Error(message.fault));
    else waiting?.resolve(message.result as never);
  }

  private ended(thread: Worker, cause?: unknown): void {
    if (this.thread !== thread) return;
    this.thread = undefined;
    for (const { reject } of this.waiting.values()) {
      reject(new Error('the thread that writes watermarks ended', { cause }));
    }
    this.waiting.clear();
  }
}
