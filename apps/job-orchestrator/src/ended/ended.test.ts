import { describe, expect, it } from '@jest/globals';
import { fold } from '@safelight/event-sourcing';
import { specificationOf } from '@safelight/testing';
import { jobDecider } from '../job/job.js';
import type { JobEvent } from '../job/job.js';
import { erase } from '../test/example-commands.js';
import {
  accepted,
  captured,
  checked,
  completed,
  contentErased,
  done,
  ended,
  failed,
  givenBack,
  reported,
  settled,
  started,
  submitJob,
} from '../test/example-job.js';
import { requireRetryable, requireSameKind } from './retryable.js';

const given = specificationOf(jobDecider);
const gaveUp: readonly JobEvent[] = [
  ...accepted,
  started(1),
  failed(1, true),
  settled(givenBack()),
  ended('JobFailed', 'engine.failed'),
];

describe('deleting what a job was made of and became', () => {
  it.each([
    ['completed', done],
    ['failed', gaveUp],
  ])('is recorded once it has %s', (_, history) =>
    given(...history)
      .when(erase)
      .then(contentErased),
  );
  it('repeated, changes nothing', () =>
    given(...done, contentErased)
      .when(erase)
      .thenNothing());
  it.each([
    ['pending', accepted],
    ['processing', [...accepted, started(1)]],
    ['being checked', [...accepted, reported(1)]],
  ])('is refused while it is %s', (_, history) =>
    given(...history)
      .when(erase)
      .thenRefused('job.open'),
  );
  it('of a job that never was is refused', () => given().when(erase).thenRefused('job.not_found'));
});

describe('withholding an output', () => {
  const about = { outputId: 'out_1_0', caseId: 'rpt_1' };
  const withheld = (releasedOutputIds: string[] | null): JobEvent => ({
    ...{ type: 'OutputWithheld', ...about, releasedOutputIds },
  });
  const rest = ['out_1_1', 'out_1_2', 'out_1_3'];

  it('shows all but that one, and repeated changes nothing', () => {
    const withhold = { type: 'WithholdOutput', ...about } as const;
    given(...done)
      .when(withhold)
      .then(withheld(rest));
    given(...done, withheld(rest))
      .when(withhold)
      .thenNothing();
  });

  it('that was never withheld gives nothing back', () =>
    given(...done)
      .when({ type: 'RestoreOutput', ...about })
      .thenNothing());

  it('before the job has ended is never shown, and paid for as it was made', () =>
    given(...accepted, started(1), withheld(null), reported(1), checked(1))
      .when({ type: 'RecordSettlement', settlement: captured() })
      .then(settled(captured()), {
        ...completed(1, [0, 1, 2, 3]),
        releasedOutputIds: rest,
      } as JobEvent));
});

describe('making a job again', () => {
  const retry = (history: readonly JobEvent[]) => () =>
    requireRetryable(fold(jobDecider, [...history]));

  it('is for failed jobs alone, as long as their content is there', () => {
    expect(retry(gaveUp)).not.toThrow();
    expect(retry(done)).toThrow('job.not_failed');
    expect(retry(accepted)).toThrow('job.not_failed');
    expect(retry([...gaveUp, contentErased])).toThrow('job.erased');
  });

  it('neither adds nor takes away the mark of a test', () => {
    const test = { outcome: 'pass' } as const;
    expect(() => requireSameKind({}, {})).not.toThrow();
    expect(() => requireSameKind({ test }, { test: { outcome: 'slow' } })).not.toThrow();
    expect(() => requireSameKind({}, { test })).toThrow('job.other_kind');
    expect(() => requireSameKind({ test }, {})).toThrow('job.other_kind');
  });

  it('is a submission that says whom it follows', () => {
    if (submitJob.type !== 'SubmitJob') throw new Error('another command');
    const [first, ...rest] = accepted;
    const submission = { ...submitJob.submission, retryOf: 'job_old' };
    given()
      .when({ ...submitJob, submission })
      .then({ ...first, retryOf: 'job_old' } as JobEvent, ...rest);
  });
});
