import { describe, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { cancel, expire, overdue, settle } from '../test/example-commands.js';
import {
  accepted,
  cancellationRequested,
  captured,
  checked,
  completed,
  deadlineExceeded,
  done,
  ended,
  failed,
  givenBack,
  receiptsOf,
  reported,
  settled,
  started,
} from '../test/example-job.js';
import { jobDecider } from './job.js';

const given = specificationOf(jobDecider);

describe('settling', () => {
  const checkedJob = [...accepted, started(1), reported(1), checked(1)];
  it('a capture completes in the same decision', () =>
    given(...checkedJob)
      .when(settle())
      .then(settled(captured()), completed(1, [0, 1, 2, 3])));
  it('a partial capture releases only what passed', () =>
    given(...accepted, reported(1), checked(1, [1]))
      .when(settle(captured(3)))
      .then(settled(captured(3)), completed(1, [0, 2, 3])));
  it('a void after a block of everything blocks', () =>
    given(...accepted, reported(1), checked(1, [0, 1, 2, 3]))
      .when(settle(givenBack()))
      .then(settled(givenBack()), ended('JobBlocked', 'output.blocked')));
  it.each(['voided', 'expired'] as const)('a hold found %s releases nothing', (kind) =>
    given(...checkedJob)
      .when(settle(givenBack(kind)))
      .then(settled(givenBack(kind)), ended('JobFailed', 'hold.expired', givenBack(kind))),
  );
  it('a receipt for other bytes is none', () => {
    const receipts = receiptsOf(1);
    receipts['out_1_0'] = { ...receipts['out_1_0']!, subjectDigest: 'f'.repeat(64) };
    given(...accepted, reported(1), { type: 'OutputsChecked', attempt: 1, receipts })
      .when(settle(captured(3)))
      .then(settled(captured(3)), completed(1, [1, 2, 3]));
  });
  it('a void after the last failure fails', () =>
    given(...accepted, started(1), failed(1, true))
      .when(settle(givenBack()))
      .then(settled(givenBack()), ended('JobFailed', 'engine.failed')));
  it('a void after the deadline fails', () =>
    given(...accepted, deadlineExceeded)
      .when(settle(givenBack()))
      .then(settled(givenBack()), ended('JobFailed', 'job.deadline_exceeded')));
  it('a void after a cancellation cancels', () =>
    given(...accepted, cancellationRequested)
      .when(settle(givenBack()))
      .then(settled(givenBack()), ended('JobCancelled', 'job.cancelled')));
  it('a capture that beat the deadline waits for its receipts', () =>
    given(...accepted, reported(1), deadlineExceeded)
      .when(settle(captured(3)))
      .then(settled(captured(3))));
  it('repeated, changes nothing', () =>
    given(...done)
      .when(settle(givenBack()))
      .thenNothing());
  it('of another sum than the price is refused', () =>
    given(...checkedJob)
      .when(settle({ ...captured(), refundedMicros: 1n }))
      .thenRefused('settlement.mismatch'));
  it('a capture without outputs is refused', () =>
    given(...accepted)
      .when(settle())
      .thenRefused('settlement.unearned'));
});

describe('the deadline', () => {
  it('passes', () =>
    given(...accepted)
      .when(overdue)
      .then(deadlineExceeded));
  it('passes for outputs that nobody could check', () =>
    given(...accepted, reported(1))
      .when(overdue)
      .then(deadlineExceeded));
  it('is not due a millisecond earlier', () =>
    given(...accepted)
      .when(expire('2026-01-01T00:09:59.999Z'))
      .thenNothing());
  it('repeated, changes nothing', () =>
    given(...accepted, deadlineExceeded)
      .when(overdue)
      .thenNothing());
  it('no longer matters once the outputs are checked', () =>
    given(...accepted, reported(1), checked(1))
      .when(overdue)
      .thenNothing());
  it('no longer matters after the end', () =>
    given(...done)
      .when(overdue)
      .thenNothing());
});

describe('cancelling', () => {
  it('is recorded', () =>
    given(...accepted)
      .when(cancel)
      .then(cancellationRequested));
  it('repeated, changes nothing', () =>
    given(...accepted, cancellationRequested)
      .when(cancel)
      .thenNothing());
  it('comes too late for checked outputs', () =>
    given(...accepted, reported(1), checked(1))
      .when(cancel)
      .thenNothing());
  it('of an ended job is refused', () =>
    given(...done)
      .when(cancel)
      .thenRefused('job.ended'));
});
