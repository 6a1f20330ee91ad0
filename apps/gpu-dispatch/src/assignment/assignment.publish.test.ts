import { describe, expect, it } from '@jest/globals';
import {
  attemptCompleted,
  attemptFailed,
  attemptStarted,
  attemptStopped,
} from '@safelight/contracts';
import type { AssignmentEvent } from './assignment.js';
import { toPublic } from './assignment.publish.js';
import { streamOf } from './assignment.stream.js';

const token = { attempt: 2, workerId: 'gpu-1', startedAt: '2026-01-01T00:00:00.000Z' };
const failure = { code: 'engine.failed', message: 'it broke', retryable: true, gpuMs: 5 };

const published = (event: AssignmentEvent) => {
  const context = { correlationId: 'job_1', causationId: 'job_1' };
  const message = toPublic({
    ...{ eventId: 'e', streamId: streamOf('job_1'), version: 1, position: 1n, transactionId: 1n },
    ...{ commandId: 'c', schemaVersion: 1, recordedAt: new Date(0), context, event },
  });
  return message && [message.subject, message.data];
};

describe('what others hear of an attempt', () => {
  it('names its start, which may be news, with every end', () => {
    const named = { jobId: 'job_1', ...token };
    expect(published({ type: 'AttemptStarted', ...token })).toEqual([
      ...[attemptStarted.subject, named],
    ]);
    const outputs = [{ outputId: 'out_1' }];
    expect(published({ type: 'AttemptCompleted', ...token, gpuMs: 5, outputs })).toEqual([
      ...[attemptCompleted.subject, { ...named, gpuMs: 5, outputs }],
    ]);
    const { code, message } = failure;
    const retryAt = '2026-01-01T00:00:09.000Z';
    expect(
      published({
        type: 'AttemptFailed',
        ...token,
        ...failure,
        ...{ final: false, poison: false, retryAt },
      }),
    ).toEqual([attemptFailed.subject, { ...named, code, message, final: false, gpuMs: 5 }]);
    expect(published({ type: 'AttemptStopped', ...token, gpuMs: 7 })).toEqual([
      ...[attemptStopped.subject, { ...named, gpuMs: 7 }],
    ]);
    expect(published({ type: 'LeaseExpired', ...token, final: true, poison: false })).toEqual([
      attemptFailed.subject,
      expect.objectContaining({ ...named, code: 'lease.expired', final: true }),
    ]);
  });

  it('is nothing while it may still be given back unharmed', () => {
    const lease = { workerId: 'gpu-1', incarnation: 'i', epoch: 1 };
    const times = { leasedAt: token.startedAt, leaseUntil: token.startedAt };
    expect(published({ type: 'AttemptLeased', attempt: 1, ...lease, ...times })).toBeUndefined();
    expect(published({ type: 'LeaseReleased', attempt: 1, reason: 'r' })).toBeUndefined();
  });
});
