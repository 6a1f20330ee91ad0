import {
  EngineCancelled,
  type Engine,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine/engine.js';

/** An engine whose passes a test lets through one by one; `free` lets everything through. */
export class ScriptedEngine implements Engine {
  readonly capabilities = {
    engine: 'scripted',
    slots: 4,
    models: [
      {
        ...{ name: 'test/slow', description: 'waits', operations: ['generate'] as const },
        ...{ maxWidth: 64, maxHeight: 64, defaultSteps: 2, gpuSecondsPerMegapixelStep: 1 },
      },
    ],
  };
  readonly requests: EngineRequest[] = [];
  readonly cancelled: number[] = [];
  /** Thrown by the next run. */
  failure: Error | undefined;
  closed = false;
  private gates: (() => void)[] = [];
  private open = false;

  async load(): Promise<void> {
    return undefined;
  }

  async run(
    request: EngineRequest,
    onProgress: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineOutput> {
    this.requests.push(request);
    if (this.failure !== undefined) throw this.failure;
    const { steps, width, height, seed } = request;
    for (let step = 1; step <= steps; step += 1) {
      await this.pass(signal);
      if (signal.aborted) {
        this.cancelled.push(seed);
        throw new EngineCancelled();
      }
      onProgress({ step, steps });
    }
    return { bytes: new Uint8Array([seed]), mediaType: 'image/png', width, height, seed };
  }

  async health() {
    return { ok: true, detail: 'scripted' };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** Lets every pass through, now and later. */
  free(): void {
    this.open = true;
    for (const gate of this.gates.splice(0)) gate();
  }

  private pass(signal: AbortSignal): Promise<void> {
    if (this.open) return Promise.resolve();
    return new Promise((resolve) => {
      this.gates.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
