import type { PoolScaling } from '@safelight/contracts';
import type { Board, Entry } from '../dispatcher/board.js';
import { SHARED_POOL } from '../pools/pool.js';
import type { PoolBook } from '../pools/pool-book.js';
import type { Worker } from '../workers/roster.js';
import { beside, desiredWorkers, type ModelBacklog } from './desired.js';

/** Computed at most so often: it looks at every open job. */
const KEPT_MS = 1_000;
/** Before any model was seen to load: the median of a fleet's base models (Alibaba GenTD26). */
const LOAD_GUESS_SECONDS = 22.7;

/** How many workers each pool should have, from what waits and runs on the board. */
export class Scaling {
  private kept: { readonly atMs: number; readonly pools: PoolScaling[] } | undefined;
  /** When a pool last had anything to do. */
  private readonly used = new Map<string, number>();

  constructor(
    private readonly board: Board,
    private readonly pools: PoolBook,
    private readonly sinceMs: number,
  ) {}

  /** @param nowMs monotonic */
  read(nowMs: number): PoolScaling[] {
    if (this.kept !== undefined && nowMs - this.kept.atMs < KEPT_MS) return this.kept.pools;
    const waiting = this.waitingByPool();
    const workers = grouped(this.board.roster.all(), ({ pool }) => pool);
    const names = new Set([...this.pools.names, ...waiting.keys(), ...workers.keys()]);
    const pools = [...names]
      .toSorted()
      .map((name) => this.scale(name, workers.get(name) ?? [], waiting.get(name) ?? [], nowMs));
    this.kept = { atMs: nowMs, pools };
    return pools;
  }

  private scale(
    name: string,
    workers: readonly Worker[],
    waiting: readonly Entry[],
    nowMs: number,
  ): PoolScaling {
    const pool = this.pools.get(name);
    const { roster } = this.board;
    const able = workers.filter(({ quarantined }) => !quarantined);
    const busy = able.filter(({ incarnation }) => roster.heldBy(incarnation).size > 0).length;
    if (busy + waiting.length > 0) this.used.set(name, nowMs);
    const idleSeconds = (nowMs - (this.used.get(name) ?? this.sinceMs)) / 1_000;
    const slotsPerWorker = Math.max(1, ...workers.map(({ slots }) => slots));
    const load = {
      ...{
        workers: able.length,
        busy,
        slotsPerWorker,
        waitingJobs: waiting.length,
        idleSeconds,
      },
      waiting: this.backlogOf(waiting, able),
    };
    const away = workers.length - able.length;
    const { desired, backlogGpuSeconds, reasons } = beside(away, desiredWorkers(load, pool), pool);
    this.pools.wish(name, desired > workers.length, nowMs);
    return {
      ...{ pool: name, desired, workers: workers.length, busy, waitingJobs: waiting.length },
      ...{ backlogGpuSeconds, targetWaitSeconds: pool.targetWaitSeconds, buffer: pool.buffer },
      ...{ min: pool.min, max: pool.max, idleSeconds, reasons },
      coldStartSeconds: this.pools.coldStartSeconds(name),
    };
  }

  private backlogOf(waiting: readonly Entry[], workers: readonly Worker[]): ModelBacklog[] {
    const byModel = grouped(waiting, ({ job }) => job.model);
    return [...byModel].map(([model, entries]) => ({
      model,
      gpuSeconds: entries.reduce((sum, { job }) => sum + job.predictedGpuMs, 0) / 1_000,
      loadSeconds: (this.board.speeds.load(model)?.p50Ms ?? LOAD_GUESS_SECONDS * 1_000) / 1_000,
      warm: workers.filter(({ warm }) => warm.has(model)).length,
    }));
  }

  private waitingByPool(): Map<string, Entry[]> {
    const waiting = [...this.board.all()].filter(({ job }) => this.board.queue.has(job.jobId));
    return grouped(waiting, ({ job }) => job.pool ?? SHARED_POOL);
  }
}

function grouped<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
