import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { job } from '../test/queued.js';
import { FairQueue, type QueuedJob, type WorkerView } from './fair-queue.js';
import { fits } from './kind.js';
import type { FleetView } from './queued-job.js';

const models = ['m0', 'm1', 'm2'] as const;
const pools = [undefined, undefined, 'acme'] as const;
const pick = fc.nat(1_000_000);

const adding = fc.record({
  kind: fc.constant('add' as const),
  account: fc.nat(4),
  model: fc.constantFrom(...models),
  lane: fc.constantFrom('interactive', 'standard', 'batch'),
  pool: fc.constantFrom(...pools),
  predictedGpuMs: fc.integer({ min: 1, max: 5_000 }),
  vramBytes: fc.constantFrom(undefined, 8, 16),
  runningMax: fc.constantFrom(undefined, 1, 3),
});
const worker = fc.record({
  models: fc.subarray([...models], { minLength: 1 }).map((list) => new Set<string>(list)),
  warm: fc.subarray([...models]).map((list) => new Set<string>(list)),
  pool: fc.constantFrom(...pools),
  freeVramBytes: fc.constantFrom(undefined, 8, 16),
  excluded: fc.constantFrom(undefined, new Set(['m0'])),
});
const step = fc.oneof(
  { weight: 5, arbitrary: adding },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('take' as const), worker }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick }) },
);
const steps = fc.array(step, { maxLength: 150 });
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What a queue should know, in the plainest form, and what each decision is held against. */
class World {
  readonly waiting = new Map<string, QueuedJob>();
  readonly running = new Map<string, QueuedJob>();
  private readonly max = new Map<string, number>();
  private nowMs = 0;

  constructor(readonly queue: FairQueue) {}

  apply(each: Step): void {
    this.nowMs += 1_000;
    if (each.kind === 'add') this.add(each);
    else if (each.kind === 'take') this.take(each.worker);
    else if (each.kind === 'settle') this.settle(nth(this.running, each.pick));
    else this.remove(nth(this.waiting, each.pick));
  }

  mayRun({ accountId }: QueuedJob): boolean {
    const running = [...this.running.values()].filter((one) => one.accountId === accountId);
    return running.length < (this.max.get(accountId) ?? Infinity);
  }

  take(view: WorkerView): QueuedJob | undefined {
    const able = [...this.waiting.values()].filter(
      (each) =>
        this.mayRun(each) &&
        fits({ model: each.model, vramBytes: each.vramBytes ?? 0 }, view) &&
        (each.pool === undefined || each.pool === view.pool),
    );
    const taken = this.queue.take(view, this.nowMs);
    // Work conserving: the fleet tells of no load times, so nothing is worth waiting for.
    expect(taken === undefined).toBe(able.length === 0);
    if (taken === undefined) return undefined;
    const { job: given, decision } = taken;
    expect(able).toContain(given);
    const own = able.some(({ pool }) => pool !== undefined);
    expect(given.pool !== undefined).toBe(own);
    expect(decision.warm).toBe(view.warm.has(given.model));
    expect(decision.runnerUp === null).toBe(!this.hasRival(able, given));
    this.waiting.delete(given.jobId);
    this.running.set(given.jobId, given);
    return given;
  }

  private hasRival(able: readonly QueuedJob[], given: QueuedJob): boolean {
    return able.some(
      (each) =>
        each.lane === given.lane &&
        each.pool === given.pool &&
        // One account's jobs of one kind come one after the other anyway.
        (each.accountId !== given.accountId ||
          each.model !== given.model ||
          each.vramBytes !== given.vramBytes),
    );
  }

  private add(step: Extract<Step, { kind: 'add' }>): void {
    const { account, model, lane, pool, predictedGpuMs, vramBytes, runningMax } = step;
    const part = { model, lane, pool, predictedGpuMs, vramBytes, runningMax };
    const added = job(`acc${account}`, { ...part, queuedAtMs: this.nowMs });
    this.waiting.set(added.jobId, added);
    this.max.set(added.accountId, added.runningMax ?? Infinity);
    this.queue.add(added);
  }

  private settle(ended: QueuedJob | undefined): void {
    if (ended === undefined) return;
    this.running.delete(ended.jobId);
    this.queue.settle(ended.jobId, ended.predictedGpuMs / 2);
    this.forget(ended.accountId);
  }

  private remove(gone: QueuedJob | undefined): void {
    if (gone === undefined) return;
    this.waiting.delete(gone.jobId);
    expect(this.queue.remove(gone.jobId)).toBe(true);
    this.forget(gone.accountId);
  }

  /** An account without jobs has no latest one to say how many may run. */
  private forget(accountId: string): void {
    const all = [...this.waiting.values(), ...this.running.values()];
    if (!all.some((each) => each.accountId === accountId)) this.max.delete(accountId);
  }

  /** Ends what runs and takes what waits, until nothing is left. */
  drain(): void {
    const everywhere = (pool: string | undefined) => ({
      ...{ models: new Set<string>(models), warm: new Set<string>(), pool },
    });
    while (this.waiting.size + this.running.size > 0) {
      for (const each of [...this.running.values()]) this.settle(each);
      this.take(everywhere(undefined));
      this.take(everywhere('acme'));
    }
  }
}

const nth = (jobs: ReadonlyMap<string, QueuedJob>, place: number): QueuedJob | undefined =>
  [...jobs.values()][place % Math.max(1, jobs.size)];

describe('whatever happens to the queue', () => {
  it('gives each job once, to a worker that fits it, within caps and pools, and leaves none', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World(new FairQueue());
        for (const each of all) world.apply(each);
        expect(world.queue.size).toBe(world.waiting.size);
        world.drain();
        expect(world.queue.size).toBe(0);
        expect(world.queue.backlog()).toEqual({ jobs: 0, gpuMs: 0 });
      }),
      { numRuns: 300 },
    );
  });

  it('can be copied: the copy decides the same, and what happens to it changes nothing here', () => {
    fc.assert(
      fc.property(steps, fc.array(worker, { maxLength: 30 }), (all, views) => {
        const world = new World(new FairQueue());
        for (const each of all) world.apply(each);
        const served = (queue: FairQueue) => views.map((view) => queue.take(view, 200_000));
        const [first, second] = [world.queue.clone(), world.queue.clone()];
        const foreseen = served(first);
        expect(served(second)).toEqual(foreseen);
        expect(served(world.queue)).toEqual(foreseen);
      }),
    );
  });

  it('keeps a slot free only while a loaded one is to come sooner than a load', () => {
    const fleet: FleetView = {
      warmSlots: ({ model }) => (model === 'm0' ? 2 : 0),
      loadMs: () => 20_000,
    };
    const costs = fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(costs, fc.nat(40_000), fc.boolean(), (sizes, nowMs, other) => {
        const queue = new FairQueue(fleet);
        for (const predictedGpuMs of sizes) queue.add(job('a', { model: 'm0', predictedGpuMs }));
        if (other) queue.add(job('b', { model: 'm1' }));
        const cold = { models: new Set(['m0', 'm1']), warm: new Set<string>() };
        const work = sizes.reduce((a, b) => a + b, 0);
        const held = !other && nowMs < 20_000 && work < 2 * 20_000;
        expect(queue.take(cold, nowMs) === undefined).toBe(held);
      }),
    );
  });
});
