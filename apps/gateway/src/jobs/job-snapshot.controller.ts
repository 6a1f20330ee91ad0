import { Controller, Inject } from '@nestjs/common';
import { getJob, presentJob as presentJobOperation } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers, RequestClient } from '@safelight/messaging';
import type { z } from 'zod';
import { ReleaseGate } from '../files/release-gate.js';
import { presentJob } from './job.presenter.js';
import { snapshotAt } from './job-snapshot.js';

/** Shows jobs to the sender of webhooks, which can sign no link and so hand out nothing by itself. */
@Controller()
export class JobSnapshotController {
  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
  ) {}

  @Answers(presentJobOperation)
  async present({ jobId, accountId, status }: z.output<typeof presentJobOperation.request>) {
    try {
      const job = await this.services.request(getJob, { jobId, accountId });
      return { job: await presentJob(snapshotAt(job, status), this.gate) };
    } catch (error) {
      if (error instanceof DomainError && error.code === 'job.not_found') return { job: null };
      throw error;
    }
  }
}
