import { describe, it } from '@jest/globals';
import { specificationOf } from '@safelight/testing';
import { cancel, check, fail, overdue, report, settle, start } from '../test/example-commands.js';
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
  reported,
  settled,
  started,
  submitJob,
} from '../test/example-job.js';
import { jobDecider, type JobCommand, type JobEvent } from './job.js';

const given = specificationOf(jobDecider);

describe('submitting', () => {
  it('is one decision of four facts', () =>
    given()
      .when(submitJob)
      .then(...accepted));
  it('repeated, changes nothing', () =>
    given(...accepted)
      .when(submitJob)
      .thenNothing());
  it('under the id of another account is refused', () => {
    const [first, ...rest] = accepted;
    const foreign = { ...first, accountId: 'acc_other' } as (typeof accepted)[number];
    given(foreign, ...rest)
      .when(submitJob)
      .thenRefused('job.id_taken');
  });
  it('must come first', () => {
    const others = [start(1), fail(1), report(1), check(1), settle(), overdue, cancel];
    for (const command of others) given().when(command).thenRefused('job.not_found');
  });
});

describe('starting an attempt', () => {
  it('is recorded', () =>
    given(...accepted)
      .when(start(1))
      .then(started(1)));
  it('repeated, changes nothing', () =>
    given(...accepted, started(1))
      .when(start(1))
      .thenNothing());
  it('with a higher number supersedes', () =>
    given(...accepted, started(1))
      .when(start(3))
      .then(started(3)));
  it('with a lower number changes nothing', () =>
    given(...accepted, started(2))
      .when(start(1))
      .thenNothing());
  it('seen after its outputs changes nothing', () =>
    given(...accepted, reported(1))
      .when(start(1))
      .thenNothing());
  it('changes nothing once a result is there', () =>
    given(...accepted, reported(1))
      .when(start(2))
      .thenNothing());
  it('changes nothing after the end', () =>
    given(...done)
      .when(start(2))
      .thenNothing());
});

describe('a failing attempt', () => {
  it('is recorded', () =>
    given(...accepted, started(1))
      .when(fail(1))
      .then(failed(1)));
  it('is recorded before its start was seen', () =>
    given(...accepted)
      .when(fail(1))
      .then(failed(1)));
  it('repeated, changes nothing', () =>
    given(...accepted, started(1), failed(1))
      .when(fail(1))
      .thenNothing());
  it('of a lower number changes nothing, even if final', () =>
    given(...accepted, started(2))
      .when(fail(1, true))
      .thenNothing());
  it('leaves room for the next', () =>
    given(...accepted, started(1), failed(1))
      .when(start(2))
      .then(started(2)));
  it('when final, leaves no room', () =>
    given(...accepted, started(1), failed(1, true))
      .when(start(2))
      .thenNothing());
  it('cannot undo a result', () =>
    given(...accepted, reported(1))
      .when(fail(1, true))
      .thenNothing());
});

describe('reporting outputs', () => {
  it('is recorded', () =>
    given(...accepted, started(1))
      .when(report(1))
      .then(reported(1)));
  it('is recorded before the start was seen', () =>
    given(...accepted)
      .when(report(1))
      .then(reported(1)));
  it('of a higher attempt supersedes', () =>
    given(...accepted, started(1))
      .when(report(2))
      .then(reported(2)));
  it('of a lower attempt changes nothing', () =>
    given(...accepted, started(2))
      .when(report(1))
      .thenNothing());
  it('of an attempt that failed changes nothing', () =>
    given(...accepted, started(1), failed(1))
      .when(report(1))
      .thenNothing());
  it('repeated, changes nothing', () =>
    given(...accepted, reported(1))
      .when(report(1))
      .thenNothing());
  it('may be fewer images than asked', () =>
    given(...accepted)
      .when(report(1, 2))
      .then(reported(1, 2)));
  it('of more images than asked is refused', () =>
    given(...accepted)
      .when(report(1, 5))
      .thenRefused('outputs.too_many'));
  it('after the deadline passed changes nothing', () =>
    given(...accepted, started(1), deadlineExceeded)
      .when(report(1))
      .thenNothing());
});

describe('recording the check', () => {
  it('is recorded', () =>
    given(...accepted, reported(1))
      .when(check(1))
      .then(checked(1)));
  it('repeated, changes nothing', () =>
    given(...accepted, reported(1), checked(1))
      .when(check(1, [0]))
      .thenNothing());
  it('without outputs changes nothing', () =>
    given(...accepted)
      .when(check(1))
      .thenNothing());
  it('ends a job that another instance has captured already', () =>
    given(...accepted, reported(1), deadlineExceeded, settled(captured(3)))
      .when(check(1, [2]))
      .then(checked(1, [2]), completed(1, [0, 1, 3])));
  it('after the end changes nothing', () =>
    given(...done)
      .when(check(1))
      .thenNothing());
});

describe('what a stopped attempt had used', () => {
  const stop: JobCommand = { type: 'StopAttempt', attempt: 1, gpuMs: 70 };
  const stopped: JobEvent = { type: 'AttemptStopped', attempt: 1, gpuMs: 70 };
  const cancelled = [cancellationRequested, settled(givenBack()), ended('JobCancelled', 'c')];

  it('is recorded once, also after the end', () => {
    given(...accepted, started(1), ...cancelled)
      .when(stop)
      .then(stopped);
    given(...accepted, cancellationRequested)
      .when(stop)
      .then(stopped);
    given(...accepted, started(1), ...cancelled, stopped)
      .when(stop)
      .thenNothing();
  });
  it('is no news of a job that goes on', () =>
    given(...accepted, started(1))
      .when(stop)
      .thenNothing());
});
