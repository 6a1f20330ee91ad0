import { DomainError } from '@safelight/event-sourcing';
import type { JobSpec } from '@safelight/contracts';
import type { Job } from '../job/job.js';

/** @throws DomainError unless the job failed and what it was made of is still there */
export function requireRetryable({ status, erased }: Pick<Job, 'status' | 'erased'>): void {
  if (status !== 'failed') throw new DomainError('job.not_failed', { status });
  if (erased) throw new DomainError('job.erased');
}

/**
 * A test key charges nothing and a live one does, whatever it makes again.
 *
 * @throws DomainError unless the key is of the kind that made the job
 */
export function requireSameKind(made: Pick<JobSpec, 'test'>, asked: Pick<JobSpec, 'test'>): void {
  const test = made.test !== undefined;
  if (test !== (asked.test !== undefined)) throw new DomainError('job.other_kind', { test });
}
