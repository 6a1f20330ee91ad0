import { setTimeout as pause } from 'node:timers/promises';
import type { Telemetry } from '@safelight/telemetry';
import type { Agent } from '../agent/agent.js';
import type { WorkerMetrics } from '../agent/worker-metrics.js';
import type { Engine } from '../engine/engine.js';
import { assertHealthy, untilUnhealthy } from './engine-watch.js';
import { modelsToWarm, warmUp } from './warm-up.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

/** An agent that answers the dispatcher on subjects of its own. */
export interface Incarnation {
  readonly agent: Agent;
  /** Answers nobody any more. */
  close(): Promise<void>;
}

export interface KeeperOptions {
  readonly engine: Engine;
  /** Begins a new incarnation; what it is given is told of a lost engine. */
  readonly incarnate: (onEngineLost: (error: Error) => void) => Promise<Incarnation>;
  /** As `WORKER_WARM_UP` has it. */
  readonly warmUp: readonly string[];
  readonly warmUpMs: number;
  readonly healthMs: number;
  readonly metrics: WorkerMetrics;
  readonly logger: Telemetry['logger'];
}

/**
 * Sees to it that slots are only offered while the engine is fit for work. Waits for its health, tries
 * its models, and lets an agent stand beside it; when the engine is lost that agent goes, and after the
 * engine is back another one comes, under a new incarnation: nothing of the old one counts any more.
 */
export class Keeper {
  private readonly closing = new AbortController();
  private present: Incarnation | undefined;
  private life: Promise<void> = Promise.resolve();
  private fault: string | undefined = 'the engine has not been asked yet';
  private lose: (error: Error) => void = () => undefined;

  constructor(private readonly options: KeeperOptions) {}

  /** Resolves once slots are offered, or when that is put off because the engine is not fit. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.life = this.live(resolve);
    });
  }

  /** For `/ready`. @throws Error with why no slots are offered */
  async assertReady(): Promise<void> {
    if (this.fault !== undefined) throw new Error(this.fault);
    await assertHealthy(this.options.engine, this.options.healthMs);
  }

  /** As `Agent.close`; offers nothing ever again. */
  async close(patienceMs: number, hurry: AbortSignal): Promise<void> {
    this.fault = 'the worker stops';
    this.closing.abort();
    await this.present?.agent.close(patienceMs, hurry);
    await this.life;
  }

  private async live(onTried: () => void): Promise<void> {
    const { signal } = this.closing;
    for (let tries = 0; !signal.aborted;) {
      try {
        await this.prepare();
        await this.serve(onTried);
        tries = 0;
      } catch (error) {
        if (this.isClosing) break;
        this.fault = messageOf(error);
        this.options.logger.error({ err: error }, 'the engine is not fit for work');
        onTried();
        const limit = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
        tries += 1;
        await pause(limit, undefined, { signal }).catch(() => undefined);
        await this.revive();
      }
    }
    onTried();
  }

  private async prepare(): Promise<void> {
    const { engine, healthMs, warmUp: asked, warmUpMs: limitMs } = this.options;
    await assertHealthy(engine, healthMs);
    const models = modelsToWarm(engine, asked);
    if (models.length > 0) this.fault = `the engine is warming up: ${models.join(', ')}`;
    await warmUp(engine, models, { limitMs, signal: this.closing.signal });
    this.closing.signal.throwIfAborted();
  }

  /** One incarnation, from its first offer until it is closed or the engine is lost. */
  private async serve(onOffered: () => void): Promise<void> {
    const lost = new Promise<Error>((resolve) => {
      this.lose = resolve;
    });
    const incarnation = await this.options.incarnate((error) => this.lose(error));
    this.present = incarnation;
    try {
      await this.standBeside(incarnation, { lost, onOffered });
    } finally {
      this.present = undefined;
      await incarnation.close();
    }
  }

  private async standBeside(
    { agent }: Incarnation,
    { lost, onOffered }: { lost: Promise<Error>; onOffered: () => void },
  ): Promise<void> {
    const { engine, healthMs: everyMs, logger, metrics } = this.options;
    if (this.isClosing) return;
    this.fault = undefined;
    metrics.isEngineUp = true;
    metrics.slots = () => agent.slotCount;
    await agent.start();
    onOffered();
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.closing.signal]);
    const reason = await Promise.race([lost, untilUnhealthy(engine, { everyMs, signal })]);
    over.abort();
    metrics.isEngineUp = false;
    if (reason === undefined) {
      // Whoever closes us lets the agent finish.
      await agent.closed;
      return;
    }
    this.fault = messageOf(reason);
    logger.error({ err: reason }, 'the engine was lost: no slots are offered');
    await this.replaceAfterLoss(agent);
  }

  /** While the agent brings its failures home the engine can already be on its way back. */
  private async replaceAfterLoss(agent: Agent): Promise<void> {
    const { engine, healthMs } = this.options;
    const isUp = await assertHealthy(engine, healthMs).then(
      () => true,
      () => false,
    );
    await Promise.all([agent.retire(isUp), isUp ? undefined : this.revive()]);
  }

  private async revive(): Promise<void> {
    if (this.isClosing) return;
    try {
      await this.options.engine.revive?.();
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the engine could not be revived yet');
    }
  }

  private get isClosing(): boolean {
    return this.closing.signal.aborted;
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
