import {
  EngineCancelled,
  type Engine,
  type EngineCapabilities,
  type EngineOutput,
  type EngineProgress,
  type EngineRequest,
} from '../engine/engine.js';

/** An engine whose passes a test lets through one by one; `free` lets everything through. */
export class ScriptedEngine implements Engine {
  capabilities: EngineCapabilities = {
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
  /** While set, runs take no notice of being told to stop. */
  stubborn = false;
  /** What its health is; nothing: good. */
  illness: string | undefined;
  /** What is added to each output. */
  said: Partial<EngineOutput> = {};
  readonly loaded: string[] = [];
  revivals = 0;
  closed = false;
  private gates: (() => void)[] = [];
  private open = false;

  async load(model: string): Promise<void> {
    this.loaded.push(model);
  }

  async revive(): Promise<void> {
    this.revivals += 1;
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
      if (signal.aborted && !this.stubborn) {
        this.cancelled.push(seed);
        throw new EngineCancelled();
      }
      onProgress({ step, steps });
    }
    return {
      bytes: new Uint8Array([seed]),
      mediaType: 'image/png',
      width,
      height,
      seed,
      ...this.said,
    };
  }

  async health() {
    const { illness } = this;
    return { ok: illness === undefined, detail: illness ?? 'scripted' };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  /** Lets one pass through. */
  letOne(): void {
    this.gates.shift()?.();
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
      const stop = () => {
        if (!this.stubborn) resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
