import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@safelight/testing';
import { ProgressReporter } from './progress.js';

describe('ProgressReporter', () => {
  it('speaks at most every 100 ms, and only of progress', () => {
    const clock = new FixedClock();
    const told: number[] = [];
    const attempt = { jobId: 'job_1', attempt: 2 };
    const reporter = new ProgressReporter(
      attempt,
      (_, { percent }) => told.push(percent),
      () => clock.now().getTime(),
    );
    reporter.report(0.1);
    clock.advance(100);
    reporter.report(0.255);
    reporter.report(0.5);
    clock.advance(99);
    reporter.report(0.6);
    clock.advance(1);
    reporter.report(0.2);
    reporter.report(1);
    expect(told).toEqual([25, 100]);
  });
});
