import type { Board, Entry } from '../dispatcher/board.js';
import type { PoolBook } from '../pools/pool-book.js';
import type { QueuedJob } from '../schedule/fair-queue.js';
import type { ForwardWorker, Runtime } from '../schedule/run-forward.js';
import { leftOf, type Underway } from '../schedule/draws.js';
import type { Worker } from '../workers/roster.js';
import type { ForecastFleet } from './forecaster.js';

/** A view of the workers is good for so long, in ms: a burst need not make it anew for each. */
const KEPT_MS = 50;

/** The dispatcher's board as a forecast sees it, with workers of pools that start from zero. */
export class BoardFleet implements ForecastFleet {
  private view: { readonly atMs: number; readonly workers: ForwardWorker[] } | undefined;

  constructor(
    private readonly board: Board,
    private readonly pools: PoolBook,
  ) {}

  get queue() {
    return this.board.queue;
  }

  workers(nowMs: number): ForwardWorker[] {
    if (this.view === undefined || Math.abs(nowMs - this.view.atMs) > KEPT_MS) {
      this.view = { atMs: nowMs, workers: this.look(nowMs) };
    }
    return this.view.workers;
  }

  runtimeOf(job: QueuedJob): Runtime {
    const entry = this.board.get(job.jobId);
    const overhead = this.board.speeds.overhead();
    const own =
      entry === undefined
        ? { p50Ms: job.predictedGpuMs, p90Ms: 1.5 * job.predictedGpuMs }
        : this.board.speeds.quantiles(entry.spec);
    return { p50Ms: own.p50Ms + overhead.p50Ms, p90Ms: own.p90Ms + overhead.p90Ms };
  }

  loadMs(model: string): number {
    return this.board.speeds.load(model)?.p50Ms ?? 0;
  }

  loads(model: string): readonly number[] {
    return this.board.speeds.loads(model);
  }

  private look(nowMs: number): ForwardWorker[] {
    const { roster } = this.board;
    const there = roster.all().map((worker) => this.there(worker, nowMs));
    const able = roster.all().filter(({ quarantined }) => !quarantined);
    const staffed = new Set(able.map(({ pool }) => pool));
    const coming = this.pools.names.flatMap((pool) => {
      const inMs = this.pools.firstWorkerInMs(pool, performance.now());
      if (staffed.has(pool) || inMs === undefined) return [];
      const models = new Set(this.pools.modelsOf(pool));
      const dedicated = !this.pools.isShared(pool);
      return [
        { pool, dedicated, models, warm: [], warmMax: 1, slots: [{ freeAtMs: nowMs + inMs }] },
      ];
    });
    return [...there, ...coming];
  }

  private there(worker: Worker, nowMs: number): ForwardWorker {
    const { serves: models, warm, pool, slots, free, incarnation } = worker;
    const { lent, dedicated, unlent, freeVramBytes } = worker;
    const held = [...this.board.roster.heldBy(incarnation)].map((jobId) => {
      const underway = this.underwayOf(this.board.get(jobId));
      return { freeAtMs: nowMs + (underway ? leftOf(underway) : 0), jobId, underway };
    });
    // Slots that are neither held nor offered come with its next offer, for all we know.
    const others = Math.max(0, Math.max(free, slots - held.length));
    const open = Array.from({ length: others }, () => ({ freeAtMs: nowMs }));
    const view = { models, warm, pool, lent, dedicated, unlent, freeVramBytes };
    return { ...view, warmMax: Math.max(1, warm.size), slots: [...held, ...open] };
  }

  private underwayOf(entry: Entry | undefined): Underway | undefined {
    if (entry === undefined) return undefined;
    const { job, lease } = entry;
    const nowMs = performance.now();
    const supposed = lease?.cold === true ? this.board.speeds.load(job.model) : undefined;
    const load = supposed && { seen: this.loads(job.model), supposed };
    return { elapsedMs: nowMs - (lease?.sinceMs ?? nowMs), runtime: this.runtimeOf(job), load };
  }
}
