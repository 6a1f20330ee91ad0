import { describe, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { assignmentDecider, type AssignmentCommand, type AssignmentEvent } from './assignment.js';

const given = specificationOf(assignmentDecider);
const startedAt = '2026-01-01T00:00:00.000Z';
const retryAt = '2026-01-01T00:00:09.000Z';
const terms = {
  ...{ incarnation: 'i1', epoch: 7, leasedAt: startedAt },
  leaseUntil: '2026-01-01T00:00:30.000Z',
};
const failure = (attempt: number) => ({
  ...{ attempt, gpuMs: 5, retryable: true, code: 'engine.failed', message: 'it broke' },
});
const released = (attempt: number): AssignmentEvent => ({
  ...{ type: 'LeaseReleased', attempt, reason: 'worker.busy' },
});

describe('poison', () => {
  const patient: AssignmentEvent = {
    ...{ type: 'AssignmentQueued', accountId: 'acc_1', spec: { model: 'm' } },
    ...{ deadlineAt: retryAt, predictedGpuMs: 1_000, attemptsMax: 9 },
  };
  const on = (attempt: number, workerId: string): AssignmentEvent => ({
    ...{ type: 'AttemptLeased', attempt, workerId, ...terms },
  });
  const failedOn = (attempt: number, workerId: string, poison = false): AssignmentEvent => ({
    ...{ type: 'AttemptFailed', startedAt, ...failure(attempt) },
    ...{ workerId, final: poison, poison, retryAt: poison ? null : retryAt },
  });
  const silentOn = (attempt: number, workerId: string, poison = false): AssignmentEvent => ({
    ...{ type: 'LeaseExpired', attempt, workerId, startedAt, final: poison, poison },
  });
  const fail = (attempt: number, workerId: string): AssignmentCommand => ({
    ...{ type: 'FailAttempt', retryAt },
    ...failure(attempt),
    workerId,
  });
  const lose = (attempt: number): AssignmentCommand => ({ type: 'LoseLease', attempt });
  const lostOn = (attempt: number, lostBy: string): AssignmentEvent => ({
    ...{ type: 'LeaseReleased', attempt, reason: 'worker.lost_it', lostBy },
  });

  it('is a job that three different workers failed with, however many attempts are left', () => {
    const twice = [patient, on(1, 'a'), failedOn(1, 'a'), on(2, 'b'), silentOn(2, 'b')];
    given(...twice, on(3, 'c'))
      .when(fail(3, 'c'))
      .then(failedOn(3, 'c', true));
    given(...twice, on(3, 'c'))
      .when({ type: 'ExpireLease', attempt: 3 })
      .then(silentOn(3, 'c', true));
    given(...twice, on(3, 'c'))
      .when(lose(3))
      .then(silentOn(3, 'c', true));
  });
  it('is not one that failed three times with two workers', () =>
    given(patient, on(1, 'a'), failedOn(1, 'a'), on(2, 'b'), failedOn(2, 'b'), on(3, 'a'))
      .when(fail(3, 'a'))
      .then(failedOn(3, 'a')));
  it('counts the workers that lost it, and not those that would not take it', () => {
    const lost = [patient, on(1, 'a'), lostOn(1, 'a'), on(2, 'b'), lostOn(2, 'b')];
    given(...lost, on(3, 'c'))
      .when(fail(3, 'c'))
      .then(failedOn(3, 'c', true));
    const refused = ['a', 'b'].flatMap((id, at) => [on(at + 1, id), released(at + 1)]);
    given(patient, ...refused, on(3, 'c'))
      .when(fail(3, 'c'))
      .then(failedOn(3, 'c'));
  });
});
