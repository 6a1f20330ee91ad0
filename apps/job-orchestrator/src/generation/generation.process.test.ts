import { describe, it } from '@jest/globals';
import { processSpecificationOf } from '@safelight/testing';
import {
  accepted,
  cancellationRequested,
  captured,
  checked,
  completed,
  deadlineExceeded,
  ended,
  failed,
  givenBack,
  reported,
  settled,
  started,
} from '../test/example-job.js';
import { generationProcess } from './generation.process.js';

const given = processSpecificationOf(generationProcess);
const nothingPassed = checked(1, [0, 1, 2, 3]);

describe('the generation process', () => {
  it('waits for the dispatcher', () => {
    given().thenNothing();
    given(...accepted).thenNothing();
    given(...accepted, started(1)).thenNothing();
    given(...accepted, started(1), failed(1)).thenNothing();
  });
  it('has outputs checked', () => given(...accepted, reported(1)).then({ type: 'CheckOutputs' }));
  it('captures the whole price for everything', () =>
    given(...accepted, reported(1), checked(1)).then({
      type: 'CaptureHold',
      numerator: 4,
      denominator: 4,
    }));
  it('captures the part that passed', () =>
    given(...accepted, reported(1), checked(1, [3])).then({
      type: 'CaptureHold',
      numerator: 3,
      denominator: 4,
    }));
  it('captures the part that was made', () => {
    const receipts = checked(1);
    given(...accepted, reported(1, 1), receipts).then({
      type: 'CaptureHold',
      numerator: 1,
      denominator: 4,
    });
  });
  it('voids when nothing passed', () =>
    given(...accepted, reported(1), nothingPassed).then({
      type: 'VoidHold',
      reason: 'output.blocked',
    }));
  it('voids after the last failure', () =>
    given(...accepted, started(1), failed(1, true)).then({
      type: 'VoidHold',
      reason: 'engine.failed',
    }));
  it('voids after the deadline, also with unchecked outputs', () =>
    given(...accepted, reported(1), deadlineExceeded).then({
      type: 'VoidHold',
      reason: 'job.deadline_exceeded',
    }));
  it('voids after a cancellation', () =>
    given(...accepted, cancellationRequested).then({ type: 'VoidHold', reason: 'job.cancelled' }));
  it('asks for receipts that another instance captured for', () =>
    given(...accepted, reported(1), deadlineExceeded, settled(captured())).then({
      type: 'CheckOutputs',
    }));
  it('asks nobody about the money of a job for which nothing is held', () => {
    const free = accepted.map((event) =>
      event.type === 'CreditsHeld' ? { ...event, priceMicros: 0n } : event,
    );
    given(...free, reported(1), checked(1)).then({ type: 'SettleNothing', kind: 'captured' });
    given(...free, cancellationRequested).then({ type: 'SettleNothing', kind: 'voided' });
    given(...free, reported(1), nothingPassed).then({ type: 'SettleNothing', kind: 'voided' });
  });
  it('is done at every end', () => {
    const paid = [...accepted, reported(1), checked(1), settled(captured())];
    given(...paid, completed(1, [0, 1, 2, 3])).thenNothing();
    const refunded = [...accepted, deadlineExceeded, settled(givenBack())];
    given(...refunded, ended('JobFailed', 'job.deadline_exceeded')).thenNothing();
  });
});
