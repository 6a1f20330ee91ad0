import { SHARED_POOL, undescribed, type Pool, type PoolPast } from './pool.js';

/** Weight of the newest cold start that was seen. */
const ALPHA = 0.3;
/** Before any was seen: a node is there, an image of some gigabytes is pulled, an engine starts. */
const COLD_START_GUESS_SECONDS = 120;
/** Who has a model tells so every few seconds: what nobody told for so long is gone. */
const HEARD_LATELY_MS = 60_000;
/** After so many cold starts without a worker nobody believes that one comes. */
const PATIENCE = 3;

/** The pools: what operators say of them, and what was seen. Times are monotonic, in ms. */
export class PoolBook {
  private described = new Map<string, Pool>();
  private readonly pasts = new Map<string, PoolPast>();
  /** When each of a pool's models was last offered there. */
  private readonly heard = new Map<string, Map<string, number>>();
  private readonly changed = new Set<string>();
  /** Since when a pool has had fewer workers than it wants. */
  private readonly wishes = new Map<string, number>();

  constructor(described: readonly Pool[], pasts: readonly PoolPast[]) {
    this.describe(described);
    for (const past of pasts) this.pasts.set(past.pool, past);
  }

  /** What operators say now, all of it. */
  describe(pools: readonly Pool[]): void {
    this.described = new Map(pools.map((pool) => [pool.name, pool]));
  }

  get(name: string): Pool {
    return this.described.get(name) ?? undescribed(name);
  }

  /** All that were described or seen, by name. */
  get names(): string[] {
    return [...new Set([SHARED_POOL, ...this.described.keys(), ...this.pasts.keys()])].toSorted();
  }

  ownedBy(accountId: string): Pool[] {
    return [...this.described.values()].filter((pool) => pool.accountId === accountId);
  }

  /** Whether its workers are there for jobs that name no pool. */
  isShared(name: string): boolean {
    return this.get(name).accountId === null;
  }

  /** Models that the pool's workers have, or had when one was last heard of. */
  modelsOf(name: string): readonly string[] {
    return this.pasts.get(name)?.models ?? [];
  }

  /** Pools that have, or had, the model. */
  poolsWith(model: string): string[] {
    return [...this.pasts.values()].flatMap(({ pool, models }) =>
      models.includes(model) ? [pool] : [],
    );
  }

  /** A worker offers itself. `isNew`: for the first time. */
  hear(
    worker: { readonly pool: string; readonly models: readonly string[] },
    isNew: boolean,
    nowMs: number,
  ): void {
    const { pool } = worker;
    const past = this.pasts.get(pool);
    const models = this.modelsNow(worker, isNew, nowMs);
    const wishedMs = this.wishes.get(pool);
    const known = past?.coldStartSeconds ?? null;
    let coldStartSeconds = known;
    if (isNew && wishedMs !== undefined) {
      const seconds = (nowMs - wishedMs) / 1_000;
      coldStartSeconds = known === null ? seconds : known + ALPHA * (seconds - known);
      this.wishes.delete(pool);
    }
    const same = past?.models.join() === models.join() && known === coldStartSeconds;
    if (same) return;
    this.pasts.set(pool, { pool, models, coldStartSeconds });
    this.changed.add(pool);
  }

  /** What a pool has once a worker of it was heard: a new one tells nothing of what others have. */
  private modelsNow(
    { pool, models }: { readonly pool: string; readonly models: readonly string[] },
    isNew: boolean,
    nowMs: number,
  ): string[] {
    const before = (this.pasts.get(pool)?.models ?? []).map((model) => [model, nowMs] as const);
    const heard = this.heard.get(pool) ?? new Map(before);
    this.heard.set(pool, heard);
    for (const model of models) heard.set(model, nowMs);
    for (const [model, atMs] of heard) {
      if (isNew && nowMs - atMs > HEARD_LATELY_MS) heard.delete(model);
    }
    return [...heard.keys()].toSorted();
  }

  /** Whether the pool has fewer workers than it wants. */
  wish(pool: string, wanting: boolean, nowMs: number): void {
    if (!wanting) this.wishes.delete(pool);
    else if (!this.wishes.has(pool)) this.wishes.set(pool, nowMs);
  }

  /** As it was seen; `null`: never. */
  coldStartSeconds(pool: string): number | null {
    return this.pasts.get(pool)?.coldStartSeconds ?? null;
  }

  /**
   * When the first worker of a pool that has none can be expected, in ms from now; `undefined` where
   * nobody starts any, or did not for so long that none is believed to come.
   */
  firstWorkerInMs(pool: string, nowMs: number): number | undefined {
    if (!this.get(pool).fromZero || this.get(pool).max === 0) return undefined;
    const coldMs = (this.coldStartSeconds(pool) ?? COLD_START_GUESS_SECONDS) * 1_000;
    const wishedForMs = nowMs - (this.wishes.get(pool) ?? nowMs);
    if (wishedForMs > PATIENCE * coldMs + COLD_START_GUESS_SECONDS * 1_000) return undefined;
    return Math.max(0, coldMs - wishedForMs);
  }

  /** What was seen since this was asked last, to be kept. */
  takeChanges(): PoolPast[] {
    const pasts = [...this.changed].flatMap((pool) => this.pasts.get(pool) ?? []);
    this.changed.clear();
    return pasts;
  }

  /** What could not be kept is to be kept with the next changes. */
  giveBack(pasts: readonly PoolPast[]): void {
    for (const { pool } of pasts) this.changed.add(pool);
  }
}
