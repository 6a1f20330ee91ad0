import { assignTo, cancelOn } from '@safelight/contracts';
import { poolOf, SHARED_POOL } from '../schedule/queued-job.js';
import { keyOf, place, type Known } from './free-places.js';
import { WarmSlots } from '../schedule/warm-slots.js';
import {
  isOpenTo,
  NOBODYS,
  UNRESTRAINED,
  type Belonging,
  type Offer,
  type Restraint,
  type Wanting,
  type Worker,
} from './worker.js';

export type { Offer, Restraint, Worker } from './worker.js';

/** The workers that are there, what they offer, and who holds what. Times are monotonic, in ms. */
export class Roster {
  private readonly workers = new Map<string, Known>();
  /** Jobs that we count as held, by incarnation: also of one that has not been heard of yet. */
  private readonly held = new Map<string, Set<string>>();
  /** Workers with a free slot, by pool and model; the one that was used last stands at the end. */
  private readonly free = new Map<string, Set<Known>>();
  /** Those of them that have the model loaded. */
  private readonly ready = new Map<string, Set<Known>>();
  private readonly pools = new Set([SHARED_POOL]);
  private readonly warmed = new WarmSlots();
  private readonly modelHeard = new Map<string, number>();

  /**
   * Takes in what a worker says of itself. Slots that we know to be taken are not free, whatever it says.
   *
   * @param belonging whose it is, as operators say
   */
  hear(
    offer: Offer,
    nowMs: number,
    restraint: Restraint = UNRESTRAINED,
    belonging: Belonging = NOBODYS,
  ): Worker {
    const { workerId, incarnation, slots } = offer;
    const known = this.workers.get(incarnation);
    if (known !== undefined) this.retire(known);
    const worker: Known = {
      ...{ workerId, incarnation, slots, free: 0, heardMs: nowMs, ...restraint, ...belonging },
      ...{
        pool: offer.pool,
        gpu: offer.gpu?.name,
        freeVramBytes: offer.gpu?.vramBytes,
        lent: known?.lent ?? false,
      },
      models: new Set(offer.models.map(({ name }) => name)),
      serves: new Set(),
      warm: new Set(offer.warm),
      assign: known?.assign ?? assignTo(incarnation),
      cancel: known?.cancel ?? cancelOn(incarnation),
    };
    this.restrain(worker, restraint);
    this.workers.set(incarnation, worker);
    this.pools.add(worker.pool);
    for (const model of worker.serves) this.modelHeard.set(model, nowMs);
    this.setFree(worker, Math.min(offer.freeSlots, slots - this.heldBy(incarnation).size));
    return worker;
  }

  get(incarnation: string): Worker | undefined {
    return this.workers.get(incarnation);
  }

  all(): Worker[] {
    return [...this.workers.values()];
  }

  heldBy(incarnation: string): ReadonlySet<string> {
    return this.held.get(incarnation) ?? new Set();
  }

  /** Keeps a worker from some of its work, from now on; no job that it holds is touched. */
  limit(workerId: string, restraint: Restraint): void {
    for (const worker of this.workers.values()) {
      if (worker.workerId !== workerId) continue;
      const { free } = worker;
      this.retire(worker);
      this.restrain(worker, restraint);
      this.setFree(worker, free);
    }
  }

  /** The ids of the workers that are there, each once. */
  get workerIds(): ReadonlySet<string> {
    return new Set([...this.workers.values()].map(({ workerId }) => workerId));
  }

  /**
   * A worker with a free slot for the job, rather one of the job's own pool, and there rather one
   * that has its model loaded; those equally good take turns.
   *
   * @param shunned ids of workers that are taken only when no other is free
   */
  pick(job: Wanting, shunned: readonly string[] = []): Worker | undefined {
    let last: Worker | undefined;
    for (const pool of job.pool === undefined ? this.pools : [poolOf(job)]) {
      const key = keyOf(pool, job.model);
      for (const workers of [this.ready.get(key), this.free.get(key)]) {
        for (const worker of workers ?? []) {
          if (!isOpenTo(worker, job)) continue;
          if (!shunned.includes(worker.workerId)) return worker;
          last ??= worker;
        }
      }
    }
    return last;
  }

  /**
   * Whether another worker than these could get the job, be it busy: one of its pool, if it has one.
   */
  isServedBesides(job: Wanting, workerIds: readonly string[]): boolean {
    return [...this.workers.values()].some(
      (worker) =>
        worker.serves.has(job.model) &&
        !workerIds.includes(worker.workerId) &&
        isOpenTo(worker, job) &&
        (job.pool === undefined || poolOf(job) === worker.pool),
    );
  }

  /** Slots, busy ones too, of workers that have the model loaded and that the job may go to. */
  warmSlots(job: Wanting): number {
    return this.warmed.of(job);
  }

  /** The worker is given a job: it will have loaded the model before it can say so. */
  warm(incarnation: string, model: string, lent: boolean): void {
    const worker = this.workers.get(incarnation);
    if (worker === undefined || (worker.lent === lent && worker.warm.has(model))) return;
    const { free } = worker;
    this.retire(worker);
    worker.lent = lent;
    worker.warm = new Set([...worker.warm, model]);
    this.countLoaded(worker, 1);
    this.setFree(worker, free);
  }

  /** Counts the job as held by the worker. */
  occupy(incarnation: string, jobId: string): void {
    const held = this.held.get(incarnation) ?? new Set<string>();
    this.held.set(incarnation, held.add(jobId));
    const worker = this.workers.get(incarnation);
    if (worker !== undefined) this.setFree(worker, worker.free - 1);
  }

  /** The worker holds the job no more. `free`: its slot can be used at once, without a new offer. */
  vacate(incarnation: string, jobId: string, free: boolean): void {
    const held = this.held.get(incarnation);
    if (held?.delete(jobId) !== true) return;
    if (held.size === 0) this.held.delete(incarnation);
    const worker = this.workers.get(incarnation);
    if (worker === undefined || !free) return;
    this.setFree(worker, Math.min(worker.free + 1, worker.slots - held.size));
  }

  /** Sends it nothing more until it offers again. */
  silence(incarnation: string): void {
    const worker = this.workers.get(incarnation);
    if (worker !== undefined) this.setFree(worker, 0);
  }

  /** Forgets workers that were last heard of before `beforeMs`. */
  dropSilent(beforeMs: number): void {
    for (const worker of this.workers.values()) {
      if (worker.heardMs >= beforeMs) continue;
      this.retire(worker);
      this.workers.delete(worker.incarnation);
    }
  }

  /** Slots of all workers that offer the model, and those of them that are free. */
  slotsFor(model: string): { slots: number; free: number } {
    const total = { slots: 0, free: 0 };
    for (const worker of this.workers.values()) {
      if (!worker.serves.has(model)) continue;
      total.slots += worker.slots;
      total.free += worker.free;
    }
    return total;
  }

  /** Whether a worker of the pool gets jobs of the model. */
  isServedIn(pool: string, model: string): boolean {
    return [...this.workers.values()].some(
      (worker) => worker.pool === pool && worker.serves.has(model),
    );
  }

  /** Whether all that the worker gets jobs for would be served in its pool without it. */
  isSparable(workerId: string): boolean {
    return this.all()
      .filter((worker) => worker.workerId === workerId)
      .every(({ serves, pool }) =>
        [...serves].every((model) => this.isServedBesides({ model, pool }, [workerId])),
      );
  }

  /** Whether a worker has the model loaded. */
  isWarm(model: string): boolean {
    return [...this.workers.values()].some(
      ({ serves, warm }) => serves.has(model) && warm.has(model),
    );
  }

  /** When a worker last offered the model. */
  lastOffered(model: string): number | undefined {
    return this.modelHeard.get(model);
  }

  private restrain(worker: Known, { excluded, quarantined }: Restraint): void {
    worker.excluded = quarantined ? worker.models : excluded;
    worker.quarantined = quarantined;
    const served = [...worker.models].filter((model) => !worker.excluded.has(model));
    worker.serves = new Set(served);
    this.countLoaded(worker, 1);
  }

  private retire(worker: Known): void {
    this.setFree(worker, 0);
    this.countLoaded(worker, -1);
  }

  /** Models that are loaded where no job of theirs is let in help nobody. */
  private countLoaded(worker: Worker, sign: 1 | -1): void {
    const { warm, serves, slots } = worker;
    for (const model of warm) if (serves.has(model)) this.warmed.count(worker, model, sign * slots);
  }

  private setFree(worker: Known, free: number): void {
    worker.free = Math.max(0, free);
    for (const model of worker.serves) {
      const key = keyOf(worker.pool, model);
      place(this.free, key, worker, true);
      place(this.ready, key, worker, worker.warm.has(model));
    }
  }
}
