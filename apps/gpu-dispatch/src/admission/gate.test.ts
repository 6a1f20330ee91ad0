import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { FairQueue, type QueuedJob } from '../schedule/fair-queue.js';
import { Forecaster } from './forecaster.js';
import { Gate, type Candidate } from './gate.js';
import { WaitingRoom } from './waiting-room.js';

/** One GPU with the model loaded, jobs of ten seconds, and so many of an account waiting. */
function gateBefore(waiting: number) {
  const queue = new FairQueue();
  const add = (accountId: string, sequence: number) =>
    queue.add({ ...candidate(accountId, `w${sequence}`), sequence, queuedAtMs: 0 });
  for (let sequence = 1; sequence <= waiting; sequence += 1) add('busy', sequence);
  const models = new Set(['m']);
  const forecaster = new Forecaster({
    queue,
    workers: (nowMs) => [{ models, warm: ['m'], warmMax: 1, slots: [{ freeAtMs: nowMs }] }],
    runtimeOf: ({ predictedGpuMs }: QueuedJob) => ({
      p50Ms: predictedGpuMs,
      p90Ms: predictedGpuMs,
    }),
    loadMs: () => 0,
  });
  const room = new WaitingRoom<QueuedJob>();
  return {
    queue,
    room,
    gate: new Gate(forecaster, room, () => 0),
  };
}
const candidate = (accountId: string, jobId: string): Candidate => ({
  ...{ accountId, jobId, lane: 'standard', model: 'm', predictedGpuMs: 10_000 },
});
const bounds = { waitMs: 100_000, withinMs: Infinity };
function retryAfter(run: () => unknown): number {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return Number(error.details['retryAfterSeconds']);
  }
  throw new Error('nothing was refused');
}

describe('the gate', () => {
  it('lets in what begins within the bound, and says when', () => {
    const { gate } = gateBefore(5);
    const { position, startMs, finishMs } = gate.enter(candidate('busy', 'x'), bounds, 0, true);
    expect([position, startMs.p50, finishMs.p50]).toEqual([5, 50_000, 60_000]);
  });

  it('tells who is turned away when the wait will be within the bound', () => {
    const { gate } = gateBefore(15);
    // 150 s of work, of which half the bound may be left.
    expect(retryAfter(() => gate.enter(candidate('busy', 'x'), bounds, 0, true))).toBe(100);
    const flooded = gateBefore(500).gate;
    expect(retryAfter(() => flooded.enter(candidate('busy', 'x'), bounds, 0, true))).toBe(3_600);
  });

  it('keeps the place of who was turned away: the next ones are told later', () => {
    const { gate, queue, room } = gateBefore(15);
    const [first, second, third] = ['x', 'y', 'z'].map((jobId) =>
      retryAfter(() => gate.enter(candidate('busy', jobId), bounds, 0, true)),
    );
    expect([first, second! >= first! + 10, third! >= second! + 10]).toEqual([100, true, true]);
    for (let served = 1; served <= 10; served += 1) queue.remove(`w${served}`);
    // At its time the first one is let in, and somebody who was not told to come is not.
    expect(gate.enter(candidate('busy', 'x2'), bounds, 100_000, true).startMs.p50).toBe(50_000);
    queue.add({ ...candidate('busy', 'x2'), sequence: 100, queuedAtMs: 100_000 });
    for (let more = 1; more <= 3; more += 1) {
      queue.add({ ...candidate('busy', `m${more}`), sequence: 100 + more, queuedAtMs: 100_001 });
    }
    expect(
      retryAfter(() => gate.enter(candidate('busy', 'new'), bounds, 100_001, true)),
    ).toBeGreaterThan(10);
    expect(room.size).toBe(3);
  });

  it('lets in who would begin at once, whoever is expected', () => {
    const { gate, queue, room } = gateBefore(15);
    retryAfter(() => gate.enter(candidate('busy', 'x'), bounds, 0, true));
    for (let served = 1; served <= 15; served += 1) queue.remove(`w${served}`);
    const { startMs } = gate.enter(candidate('other', 'y'), bounds, 50_000, true);
    expect([startMs.p50, room.size]).toEqual([0, 1]);
  });

  it('looks at the deadline, too', () => {
    const { gate } = gateBefore(5);
    const soon = { ...bounds, withinMs: 40_000 };
    expect(retryAfter(() => gate.enter(candidate('busy', 'x'), soon, 0, true))).toBe(35);
  });

  it('remembers nothing of who only asks', () => {
    const { gate, room } = gateBefore(15);
    for (let asked = 0; asked < 3; asked += 1) {
      expect(
        retryAfter(() => gate.enter(candidate('busy', 'q'), bounds, asked * 2_000, false)),
      ).toBe(100);
    }
    expect(room.size).toBe(0);
  });
});
