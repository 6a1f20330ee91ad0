import { describe, expect, it } from '@jest/globals';
import { FairQueue, type QueuedJob } from '../schedule/fair-queue.js';
import { Forecaster } from './forecaster.js';
import { Gate, type Candidate } from './gate.js';
import { WaitingRoom } from './waiting-room.js';

const models = new Set(['m']);
const warm = new Set(['m']);
const candidate = (jobId: string): Candidate => ({
  ...{ accountId: 'busy', jobId, lane: 'standard', model: 'm', predictedGpuMs: 10_000 },
});
const bounds = { waitMs: 100_000, withinMs: Infinity };

/** One GPU with the model loaded, and fifteen jobs of ten seconds. */
function busyGate(onFailure?: (error: unknown) => void) {
  const queue = new FairQueue();
  for (let sequence = 1; sequence <= 15; sequence += 1) {
    queue.add({ ...candidate(`w${sequence}`), sequence, queuedAtMs: 0 });
  }
  const fleet = {
    queue,
    workers: (nowMs: number) => [{ models, warm: ['m'], warmMax: 1, slots: [{ freeAtMs: nowMs }] }],
    runtimeOf: ({ predictedGpuMs }: QueuedJob) => ({
      ...{ p50Ms: predictedGpuMs, p90Ms: predictedGpuMs },
    }),
    loadMs: () => 0,
  };
  const room = new WaitingRoom<QueuedJob>();
  const forecaster = new Forecaster(fleet, onFailure);
  return { fleet, queue, room, gate: new Gate(forecaster, room, () => 0) };
}
type Place = ReturnType<typeof busyGate>;

const enter = ({ gate }: Place, jobId: string, atMs: number) =>
  gate.enter(candidate(jobId), bounds, atMs, true);
const refuse = (place: Place, jobId: string, atMs: number) =>
  expect(() => enter(place, jobId, atMs)).toThrow('dispatch.unavailable');

/** Takes what waits, of which the last is the job that just came. */
function runAll({ queue }: Place) {
  const running: string[] = [];
  for (;;) {
    const taken = queue.take({ models, warm }, 0);
    if (taken === undefined) return running;
    running.push(taken.job.jobId);
  }
}

describe('one job that asks twice', () => {
  it('keeps one place, however often it comes before its time', () => {
    const place = busyGate();
    for (const atMs of [0, 1_000, 2_000]) refuse(place, 'x', atMs);
    expect(place.room.size).toBe(1);
  });

  it('is let in early, and runs, while others are judged', () => {
    const place = busyGate();
    refuse(place, 'x', 0);
    refuse(place, 'y', 0);
    for (let served = 1; served <= 15; served += 1) place.queue.remove(`w${served}`);
    enter(place, 'x', 2_000);
    expect(place.room.size).toBe(1);
    place.queue.add({ ...candidate('x'), sequence: 100, queuedAtMs: 0 });
    expect(runAll(place)).toEqual(['x']);
    expect(enter(place, 'z', 4_000).startMs.p50).toBe(0);
  });

  it('leaves its place to others of its account, who run under their own ids', () => {
    const place = busyGate();
    refuse(place, 'x', 0);
    refuse(place, 'y', 0);
    // They come in without passing the gate again, as a job does that was let in twice.
    for (const jobId of ['x', 'y']) {
      place.queue.add({ ...candidate(jobId), sequence: 100, queuedAtMs: 0 });
    }
    runAll(place);
    place.queue.add({ ...candidate('waiting'), sequence: 101, queuedAtMs: 0 });
    expect(() => enter(place, 'y', 4_000)).not.toThrow();
    expect(() => enter(place, 'z', 6_000)).not.toThrow();
  });

  it('comes again once in a forecast for each time that it came', () => {
    const place = busyGate();
    for (let served = 1; served <= 13; served += 1) place.queue.remove(`w${served}`);
    for (const atMs of [0, 1_000, 2_000]) enter(place, 'x', atMs);
    expect(() => enter(place, 'z', 58_000)).not.toThrow();
  });
});

describe('a forecast that fails', () => {
  it('refuses nobody: the work ahead is estimated', () => {
    const failures: unknown[] = [];
    const place = busyGate((error) => failures.push(error));
    place.queue.clone = () => {
      throw new Error('no copy');
    };
    for (let served = 1; served <= 10; served += 1) place.queue.remove(`w${served}`);
    expect(enter(place, 'x', 0).startMs.p50).toBe(50_000);
    expect(failures.length).toBeGreaterThan(0);
  });
});

describe('a job that takes longer than it may', () => {
  it('is refused for good, also where nobody waits: it need not come again', () => {
    const place = busyGate();
    for (let served = 1; served <= 15; served += 1) place.queue.remove(`w${served}`);
    const short = { ...bounds, withinMs: 9_000 };
    expect(() => place.gate.enter(candidate('x'), short, 0, true)).toThrow('job.too_long');
    expect(place.room.size).toBe(0);
    const enough = { ...bounds, withinMs: 10_000 };
    expect(place.gate.enter(candidate('x'), enough, 0, true).startMs.p50).toBe(0);
  });
});
