import { EngineError } from '../engine.js';
import { givenUpAfter } from './given-up-after.js';

type Work<T> = (signal: AbortSignal, closing: AbortSignal) => Promise<T>;

/** The runs of an engine that is reached over the network: how they begin, and how they end with it. */
export class Runs {
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * Does the work under a signal that also aborts when the engine closes. Of a cancelled one it is not
   * waited for longer than a moment: then it ends by itself, unheard.
   *
   * @param work is given that signal, and one that aborts only when the engine closes
   * @throws EngineCancelled; EngineError `engine.closed`; what the work throws
   */
  async add<T>(signal: AbortSignal, work: Work<T>): Promise<T> {
    this.assertOpen();
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const running = work(either, this.#closing.signal);
    const settled = running.catch(() => undefined);
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return Promise.race([running, givenUpAfter(either, running)]);
  }

  /** @throws EngineError `engine.closed` */
  assertOpen(): void {
    if (this.closed) throw new EngineError('engine.closed', 'the engine is closed');
  }

  /** Cancels all of them, and waits for their ends. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }
}
