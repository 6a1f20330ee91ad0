import type { JobResource } from '@safelight/contracts';
import { getJob, jobId as jobIdSchema } from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { ReleaseGate } from '../files/release-gate.js';
import { notFound } from '../http/refusals.js';
import { presentJob } from './job.presenter.js';

/** Jobs of an account, as the public API shows them. */
export class OwnJobs {
  constructor(
    private readonly services: RequestClient,
    private readonly gate: ReleaseGate,
  ) {}

  /** @throws Problem NOT_FOUND, also for an id that no job can have; DomainError `job.not_found` */
  async read(accountId: string, jobId: string): Promise<JobResource> {
    if (!jobIdSchema.safeParse(jobId).success) throw notFound();
    return presentJob(await this.services.request(getJob, { jobId, accountId }), this.gate);
  }
}
