import { DomainError } from '@safelight/event-sourcing';
import type { Job } from '../job/job.js';

/** @throws DomainError unless the job failed and what it was made of is still there */
export function requireRetryable({ status, erased }: Pick<Job, 'status' | 'erased'>): void {
  if (status !== 'failed') throw new DomainError('job.not_failed', { status });
  if (erased) throw new DomainError('job.erased');
}
