import { describe, expect, it } from '@jest/globals';
import { fold } from '@safelight/event-sourcing';
import { specificationOf } from '@safelight/testing';
import fc from 'fast-check';
import {
  assignmentDecider,
  decide,
  evolve,
  initialState,
  type AssignmentCommand,
  type AssignmentEvent,
} from './assignment.js';

const given = specificationOf(assignmentDecider);

const queueing = {
  accountId: 'acc_1',
  spec: { model: 'm', images: 1 },
  deadlineAt: '2026-01-01T00:10:00.000Z',
  predictedGpuMs: 1_000,
  attemptsMax: 3,
};
const terms = {
  workerId: 'gpu-1',
  incarnation: 'i1',
  epoch: 7,
  leasedAt: '2026-01-01T00:00:00.000Z',
  leaseUntil: '2026-01-01T00:00:30.000Z',
};
const queued: AssignmentEvent = { type: 'AssignmentQueued', ...queueing };
const leased = (attempt: number): AssignmentEvent => ({ type: 'AttemptLeased', attempt, ...terms });
const startedAt = terms.leasedAt;
const started = (attempt: number): AssignmentEvent => ({
  ...{ type: 'AttemptStarted', attempt, workerId: 'gpu-1', startedAt },
});
const expired = (attempt: number, final = false): AssignmentEvent => ({
  ...{ type: 'LeaseExpired', attempt, workerId: 'gpu-1', startedAt, final, poison: false },
});
const released = (attempt: number): AssignmentEvent => ({
  ...{ type: 'LeaseReleased', attempt, reason: 'worker.busy' },
});
const lostIt = (attempt: number): AssignmentEvent => ({
  ...{ type: 'LeaseReleased', attempt, reason: 'worker.lost_it', lostBy: 'gpu-1' },
});
const retryAt = '2026-01-01T00:00:09.000Z';
const completion = (attempt: number) => ({
  attempt,
  workerId: 'gpu-1',
  gpuMs: 900,
  outputs: [{ outputId: 'out_1' }],
});
const failure = (attempt: number, retryable = true) => ({
  ...{ attempt, workerId: 'gpu-1', gpuMs: 5, retryable },
  ...{ code: 'engine.failed', message: 'it broke' },
});
const completed = (attempt: number): AssignmentEvent => ({
  ...{ type: 'AttemptCompleted', startedAt },
  ...completion(attempt),
});
const withdrawn: AssignmentEvent = { type: 'AssignmentWithdrawn', reason: 'cancelled' };

describe('queueing', () => {
  const queue: AssignmentCommand = { type: 'QueueAssignment', ...queueing };
  it('is accepted once', () => given().when(queue).then(queued));
  it('changes nothing when repeated', () => given(queued).when(queue).thenNothing());
  it('changes nothing when the job has ended before it was heard of', () =>
    given(withdrawn).when(queue).thenNothing());
});

describe('leasing', () => {
  const lease: AssignmentCommand = { type: 'LeaseAttempt', ...terms };
  it('gives the first attempt', () => given(queued).when(lease).then(leased(1)));
  it('counts on after an expired lease', () =>
    given(queued, leased(1), expired(1)).when(lease).then(leased(2)));
  it('counts on after a released lease', () =>
    given(queued, leased(1), released(1)).when(lease).then(leased(2)));
  it('is refused while somebody holds the lease', () =>
    given(queued, leased(1)).when(lease).thenRefused('assignment.not_queued'));
  it('is refused after the end', () =>
    given(queued, withdrawn).when(lease).thenRefused('assignment.not_queued'));
  it('is refused for a job never heard of', () =>
    given().when(lease).thenRefused('assignment.not_queued'));
});

describe('starting', () => {
  const start = (attempt: number): AssignmentCommand => ({ type: 'StartAttempt', attempt });
  it('is recorded once for each attempt, with the time of its lease', () => {
    given(queued, leased(1)).when(start(1)).then(started(1));
    given(queued, leased(1), started(1)).when(start(1)).thenNothing();
    given(queued, leased(1), started(1), expired(1), leased(2)).when(start(2)).then(started(2));
  });
  it('is no news once the attempt is over', () => {
    given(queued, leased(1), completed(1)).when(start(1)).thenNothing();
    given(queued, leased(1), expired(1)).when(start(1)).thenNothing();
    given(queued, leased(1), released(1), leased(2)).when(start(1)).thenNothing();
  });
});

describe('completing', () => {
  const complete = (attempt: number): AssignmentCommand => ({
    type: 'CompleteAttempt',
    ...completion(attempt),
  });
  it('ends the assignment', () => given(queued, leased(1)).when(complete(1)).then(completed(1)));
  it('changes nothing when repeated', () =>
    given(queued, leased(1), completed(1)).when(complete(1)).thenNothing());
  it('changes nothing when the lease has expired, even with nobody on it yet', () =>
    given(queued, leased(1), expired(1)).when(complete(1)).thenNothing());
  it('changes nothing when another attempt runs', () =>
    given(queued, leased(1), expired(1), leased(2)).when(complete(1)).thenNothing());
  it('changes nothing for an attempt that never was', () =>
    given(queued, leased(1)).when(complete(2)).thenNothing());
  it('changes nothing after a withdrawal', () =>
    given(queued, leased(1), withdrawn).when(complete(1)).thenNothing());
  it('changes nothing for a job never heard of', () => given().when(complete(1)).thenNothing());
});

describe('failing', () => {
  const fail = (attempt: number, retryable = true): AssignmentCommand => ({
    ...{ type: 'FailAttempt', retryAt },
    ...failure(attempt, retryable),
  });
  const failed = (attempt: number, final: boolean, retryable = true): AssignmentEvent => ({
    ...{ type: 'AttemptFailed', startedAt, final, poison: false, retryAt: final ? null : retryAt },
    ...failure(attempt, retryable),
  });
  it('queues the job again, not to be leased before its time', () => {
    given(queued, leased(1)).when(fail(1)).then(failed(1, false));
    const state = (...events: AssignmentEvent[]) => fold(assignmentDecider, events);
    expect(state(queued, leased(1), failed(1, false)).retryAt).toBe(retryAt);
    expect(state(queued, leased(1), failed(1, false), leased(2)).retryAt).toBeNull();
  });
  it('is final when no worker would fare better', () =>
    given(queued, leased(1))
      .when(fail(1, false))
      .then(failed(1, true, false)));
  it('is final at the last attempt', () =>
    given(queued, leased(1), expired(1), leased(2), expired(2), leased(3))
      .when(fail(3))
      .then(failed(3, true)));
  it('does not count released leases', () =>
    given(queued, leased(1), released(1), leased(2), released(2), leased(3))
      .when(fail(3))
      .then(failed(3, false)));
  it('changes nothing when late or repeated', () => {
    given(queued, leased(1), expired(1), leased(2)).when(fail(1)).thenNothing();
    given(queued, leased(1), failed(1, false)).when(fail(1)).thenNothing();
  });
});

describe('a lease', () => {
  const expire = (attempt: number): AssignmentCommand => ({ type: 'ExpireLease', attempt });
  const release = (attempt: number): AssignmentCommand => ({
    ...{ type: 'ReleaseLease', attempt },
    reason: 'worker.busy',
  });
  it('expires', () => given(queued, leased(1)).when(expire(1)).then(expired(1)));
  it('fails the job when the last one expires', () =>
    given(queued, leased(1), expired(1), leased(2), expired(2), leased(3))
      .when(expire(3))
      .then(expired(3, true)));
  it('is released', () => given(queued, leased(1)).when(release(1)).then(released(1)));
  const lose = (attempt: number): AssignmentCommand => ({ type: 'LoseLease', attempt });
  const lost = (attempt: number) => [leased(attempt), lostIt(attempt)];
  it('costs nothing when its worker loses it', () =>
    given(queued, leased(1)).when(lose(1)).then(lostIt(1)));
  it('counts as expired when workers lose it again and again', () =>
    given(queued, ...lost(1), ...lost(2), ...lost(3), leased(4))
      .when(lose(4))
      .then(expired(4)));
  it('is lost at no cost however often it was refused', () =>
    given(queued, ...[1, 2, 3, 4].flatMap((n) => [leased(n), released(n)]), leased(5))
      .when(lose(5))
      .then(lostIt(5)));
  it('neither expires nor is released once it is over', () => {
    given(queued, leased(1), completed(1)).when(expire(1)).thenNothing();
    given(queued, leased(1), expired(1)).when(expire(1)).thenNothing();
    given(queued, leased(1), released(1)).when(release(1)).thenNothing();
    given(queued, leased(1), expired(1), leased(2)).when(release(1)).thenNothing();
    given(queued, leased(1), expired(1), leased(2)).when(lose(1)).thenNothing();
  });
});

describe('withdrawing', () => {
  const withdraw: AssignmentCommand = { type: 'WithdrawAssignment', reason: 'cancelled' };
  it('ends a queued and a leased assignment', () => {
    given(queued).when(withdraw).then(withdrawn);
    given(queued, leased(1)).when(withdraw).then(withdrawn);
  });
  it('is remembered for a job never heard of', () => given().when(withdraw).then(withdrawn));
  it('changes nothing after the end', () => {
    given(queued, leased(1), completed(1)).when(withdraw).thenNothing();
    given(queued, withdrawn).when(withdraw).thenNothing();
  });
});

describe('any sequence of commands', () => {
  const attempt = fc.integer({ min: 1, max: 8 });
  const command: fc.Arbitrary<AssignmentCommand> = fc.oneof(
    fc.constant<AssignmentCommand>({ type: 'QueueAssignment', ...queueing }),
    { arbitrary: fc.constant<AssignmentCommand>({ type: 'LeaseAttempt', ...terms }), weight: 6 },
    attempt.map((n): AssignmentCommand => ({ type: 'ReleaseLease', attempt: n, reason: 'r' })),
    attempt.map((n): AssignmentCommand => ({ type: 'CompleteAttempt', ...completion(n) })),
    fc.tuple(attempt, fc.boolean()).map(([n, retry]): AssignmentCommand => ({
      ...{ type: 'FailAttempt', retryAt },
      ...failure(n, retry),
    })),
    attempt.map((n): AssignmentCommand => ({ type: 'ExpireLease', attempt: n })),
    attempt.map((n): AssignmentCommand => ({ type: 'LoseLease', attempt: n })),
    fc.constant<AssignmentCommand>({ type: 'WithdrawAssignment', reason: 'cancelled' }),
  );
  const after = (commands: readonly AssignmentCommand[]): AssignmentEvent[] =>
    commands.reduce<AssignmentEvent[]>((events, next) => {
      try {
        return [...events, ...decide(next, fold(assignmentDecider, events))];
      } catch {
        return events;
      }
    }, []);

  it('gives each attempt number once, ends at most once, and charges at most three attempts', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const events = after(commands);
        const leases = events.filter((event) => event.type === 'AttemptLeased');
        expect(leases.map((event) => event.attempt)).toEqual(leases.map((_, index) => index + 1));
        const ends = events.filter(
          (event) =>
            event.type === 'AttemptCompleted' ||
            event.type === 'AssignmentWithdrawn' ||
            ('final' in event && event.final),
        );
        expect(ends.length).toBeLessThanOrEqual(1);
        if (ends.length === 1) expect(events.at(-1)).toBe(ends[0]);
        expect(events.reduce(evolve, initialState()).charged).toBeLessThanOrEqual(3);
      }),
    );
  });
});
