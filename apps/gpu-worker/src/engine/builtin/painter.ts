import { Worker } from 'node:worker_threads';
import { EngineCancelled, EngineError, EngineLost } from '../engine.js';
import type { PaintOrder, PaintReport } from './messages.js';
import type { Picture } from './picture.js';
import type { Footage, Task } from './tasks.js';

type Made<T extends Task> = T extends { kind: 'film' | 'swap-film' } ? Footage : Picture;
type OnPass = (done: number, steps: number) => void;

/** How long a thread may go on with a pass that nobody wants; then it ends, and a new one comes. */
const STOP_MS = 800;

interface Sitting {
  id: number;
  stop: Int32Array;
  onPass: OnPass;
  resolve: (made: Picture | Footage) => void;
  reject: (reason: Error) => void;
}

/** One painter with a thread of its own: started at the first order, replaced if it dies. */
export class Painter {
  #worker: Worker | undefined;
  #sitting: Sitting | undefined;
  #orders = 0;

  /** Does one task; rejects with `EngineCancelled` soon after the signal aborts. */
  paint<T extends Task>(task: T, onPass: OnPass, signal: AbortSignal): Promise<Made<T>> {
    if (this.#sitting) throw new EngineError('engine.busy', 'this painter is at work');
    const id = ++this.#orders;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    let overdue: NodeJS.Timeout | undefined;
    const raise = (): void => {
      Atomics.store(stop, 0, 1);
      overdue = setTimeout(() => this.#replace(id), STOP_MS);
    };
    signal.addEventListener('abort', raise, { once: true });
    return new Promise<Made<T>>((made, reject) => {
      const resolve = made as Sitting['resolve'];
      this.#sitting = { id, stop, onPass, resolve, reject };
      const order: PaintOrder = { id, task, stop };
      const thread = this.#thread();
      thread.ref();
      thread.postMessage(order);
    }).finally(() => {
      clearTimeout(overdue);
      signal.removeEventListener('abort', raise);
    });
  }

  /** Ends the thread; a painting under way is cancelled. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#end()?.reject(new EngineCancelled('the engine closed'));
    await worker?.terminate();
  }

  // A single pass over a large picture can take longer than anybody wants to wait.
  #replace(id: number): void {
    if (this.#sitting?.id !== id) return;
    const worker = this.#worker;
    this.#worker = undefined;
    this.#end()?.reject(new EngineCancelled());
    void worker?.terminate();
  }

  #thread(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./painting.thread.js', import.meta.url));
    worker.on('message', (message: PaintReport) => this.#heard(message));
    worker.on('error', (error: Error) => this.#died(worker, error));
    worker.on('exit', (code) => this.#died(worker, new Error(`exit code ${String(code)}`)));
    this.#worker = worker;
    return worker;
  }

  #heard(message: PaintReport): void {
    if (message.id !== this.#sitting?.id) return;
    switch (message.type) {
      case 'pass': {
        this.#sitting.onPass(message.done, message.steps);
        return;
      }
      case 'painted':
        return this.#end()?.resolve(message.picture);
      case 'filmed':
        return this.#end()?.resolve(message.footage);
      case 'stopped':
        return this.#end()?.reject(new EngineCancelled());
      case 'refused':
        return this.#end()?.reject(new EngineError(message.code, message.message));
      case 'failed':
        return this.#end()?.reject(new EngineError('engine.painting_failed', message.message));
    }
  }

  #died(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#end()?.reject(new EngineLost('the painting thread died', { cause }));
  }

  #end(): Sitting | undefined {
    const sitting = this.#sitting;
    this.#sitting = undefined;
    // An idle painter must not keep the process alive.
    this.#worker?.unref();
    return sitting;
  }
}
