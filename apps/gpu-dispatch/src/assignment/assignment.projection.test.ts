import { describe, expect, it } from '@jest/globals';
import type { StagedEvent } from '@safelight/event-store';
import type { AssignmentEvent } from './assignment.js';
import { assignmentProjection } from './assignment.projection.js';
import { streamOf } from './assignment.stream.js';

const queued: AssignmentEvent = {
  ...{ type: 'AssignmentQueued', accountId: 'acc_1', spec: { model: 'm' }, attemptsMax: 3 },
  ...{ deadlineAt: '2026-01-01T00:10:00.000Z', predictedGpuMs: 1_000 },
};
const startedAt = '2026-01-01T00:00:00.000Z';
const leased = (attempt = 1): AssignmentEvent => ({
  ...{ type: 'AttemptLeased', attempt, workerId: 'gpu-1', incarnation: 'i1', epoch: 7 },
  ...{ leasedAt: startedAt, leaseUntil: '2026-01-01T00:00:30.000Z' },
});
const started: AssignmentEvent = {
  type: 'AttemptStarted',
  attempt: 1,
  workerId: 'gpu-1',
  startedAt,
};
const failed = (retryAt: string | null): AssignmentEvent => ({
  ...{ type: 'AttemptFailed', attempt: 1, workerId: 'gpu-1', gpuMs: 1, startedAt, retryAt },
  ...{ code: 'engine.failed', message: 'it broke', retryable: true, final: retryAt === null },
  poison: false,
});
const completed: AssignmentEvent = {
  ...{ type: 'AttemptCompleted', attempt: 1, workerId: 'gpu-1', gpuMs: 1, startedAt, outputs: [] },
};
const withdrawn: AssignmentEvent = { type: 'AssignmentWithdrawn', reason: 'cancelled' };

const staged = (jobId: string, event: AssignmentEvent, index: number): StagedEvent => ({
  ...{ streamId: streamOf(jobId), version: index + 1, eventId: `event-${index}`, event },
  ...{ commandId: 'c', schemaVersion: 1, context: { correlationId: jobId, causationId: jobId } },
});
/** Name and values of what a batch makes, without the check of the epoch. */
const written = (...events: [string, AssignmentEvent][]) =>
  assignmentProjection(7)
    .statements(events.map(([jobId, event], index) => staged(jobId, event, index)))
    .slice(1)
    .map(({ name, values }) => [name.replace('dispatch_', ''), ...values.slice(0, 6)]);

describe('every batch', () => {
  it('is bound to the epoch, first of all', () => {
    const [first] = assignmentProjection(7).statements([staged('job_1', queued, 0)]);
    expect(first?.name).toBe('dispatch_require_epoch');
    expect(first?.values).toEqual(['default', 7]);
  });
});

describe('the row of a job', () => {
  it('is made when it is queued, with its lease when that comes with it', () => {
    expect(written(['job_1', queued])).toEqual([
      ['open_assignments', ['job_1'], [0], [null], [null], [null], [null]],
    ]);
    expect(written(['job_1', queued], ['job_1', leased()])).toEqual([
      ['open_assignments', ['job_1'], [1], ['gpu-1'], ['i1'], [null], [null]],
    ]);
  });

  it('follows lease, failure and pause; the last of a batch counts', () => {
    expect(written(['job_1', leased(2)])).toEqual([
      ['change_assignments', ['job_1'], [2], ['gpu-1'], ['i1'], [null], [null]],
    ]);
    const retryAt = '2026-01-01T00:00:09.000Z';
    expect(written(['job_1', leased()], ['job_1', failed(retryAt)])).toEqual([
      ['change_assignments', ['job_1'], [1], [null], [null], [retryAt], ['gpu-1']],
    ]);
  });

  it('knows the worker that lost it, and not one that would not take it', () => {
    const reasons = { 'worker.lost_it': { lostBy: 'gpu-1' }, 'worker.busy': {} };
    const rows = Object.entries(reasons).map(([reason, lost]) =>
      written(['job_1', { type: 'LeaseReleased', attempt: 1, reason, ...lost }]),
    );
    expect(rows.flat().map((row) => row.at(-1))).toEqual([['gpu-1'], [null]]);
  });

  it('is not touched by the news of a start', () => {
    expect(written(['job_1', started])).toEqual([]);
    expect(written(['job_1', leased()], ['job_1', started])).toHaveLength(1);
  });

  it('is taken out at the end, whatever that is, and never made when it ends in the same batch', () => {
    for (const end of [completed, failed(null), withdrawn]) {
      expect(written(['job_1', leased()], ['job_1', end])).toEqual([
        ['close_assignments', ['job_1']],
      ]);
      expect(written(['job_1', queued], ['job_1', end])).toEqual([]);
    }
  });

  it('shares one statement of its kind with all others of the batch', () => {
    const jobs: [string, AssignmentEvent][] = [
      ...[1, 2].map((n): [string, AssignmentEvent] => [`job_${n}`, completed]),
      ...[3, 4].map((n): [string, AssignmentEvent] => [`job_${n}`, queued]),
      ...[5, 6].map((n): [string, AssignmentEvent] => [`job_${n}`, leased()]),
    ];
    expect(written(...jobs).map(([name, ids]) => [name, ids])).toEqual([
      ['open_assignments', ['job_3', 'job_4']],
      ['change_assignments', ['job_5', 'job_6']],
      ['close_assignments', ['job_1', 'job_2']],
    ]);
  });
});
