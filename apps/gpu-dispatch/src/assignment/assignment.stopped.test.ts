import { describe, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { assignmentDecider, type AssignmentCommand, type AssignmentEvent } from './assignment.js';

const given = specificationOf(assignmentDecider);

const startedAt = '2026-01-01T00:00:00.000Z';
const queued: AssignmentEvent = {
  ...{ type: 'AssignmentQueued', accountId: 'acc_1', spec: { model: 'm', images: 1 } },
  ...{ deadlineAt: '2026-01-01T00:10:00.000Z', predictedGpuMs: 1_000, attemptsMax: 3 },
};
const leased = (attempt: number): AssignmentEvent => ({
  ...{ type: 'AttemptLeased', attempt, workerId: 'gpu-1', incarnation: 'i1', epoch: 7 },
  ...{ leasedAt: startedAt, leaseUntil: '2026-01-01T00:00:30.000Z' },
});
const expired: AssignmentEvent = {
  ...{
    type: 'LeaseExpired',
    attempt: 1,
    workerId: 'gpu-1',
    startedAt,
    final: false,
    poison: false,
  },
};
const completed: AssignmentEvent = {
  ...{ type: 'AttemptCompleted', attempt: 1, workerId: 'gpu-1', gpuMs: 900, startedAt },
  outputs: [{ outputId: 'out_1' }],
};
const withdrawn: AssignmentEvent = { type: 'AssignmentWithdrawn', reason: 'cancelled' };
const stop = (attempt: number): AssignmentCommand => ({ type: 'StopAttempt', attempt, gpuMs: 70 });
const stopped: AssignmentEvent = {
  ...{ type: 'AttemptStopped', attempt: 1, workerId: 'gpu-1', startedAt, gpuMs: 70 },
};

describe('what a withdrawn attempt had used', () => {
  it('is recorded once, for the attempt that was under way', () => {
    given(queued, leased(1), withdrawn).when(stop(1)).then(stopped);
    given(queued, leased(1), withdrawn, stopped).when(stop(1)).thenNothing();
    given(queued, leased(1), withdrawn).when(stop(2)).thenNothing();
  });

  it('is no fact of a job that goes on, has its result, or had no attempt under way', () => {
    given(queued, leased(1)).when(stop(1)).thenNothing();
    given(queued, leased(1), expired, leased(2)).when(stop(1)).thenNothing();
    given(queued, leased(1), completed).when(stop(1)).thenNothing();
    given(queued, leased(1), expired, withdrawn).when(stop(1)).thenNothing();
  });
});
