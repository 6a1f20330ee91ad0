import { Controller, Inject } from '@nestjs/common';
import {
  endAccountJobs,
  eraseJob,
  retryJob,
  withdrawConsent,
  withholdOutput,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import type { Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import { contextOf, Jobs } from '../job/job.handler.js';
import { JobReader } from '../job/job.reader.js';
import { toView } from '../job/job.view.js';
import type { JobRow } from '../tables.js';
import { Erasure } from './erasure.js';
import { Retries } from './retries.js';
import { Suspension } from './suspension.js';
import { Withdrawal } from './withdrawal.js';

type Request<Op extends { request: z.ZodType }> = z.output<Op['request']>;

/** What becomes of a job that is over, or is to be. */
@Controller()
export class EndedController {
  constructor(
    @Inject(JobReader) private readonly rows: JobReader,
    @Inject(Retries) private readonly retries: Retries,
    @Inject(Erasure) private readonly erasure: Erasure,
    @Inject(Withdrawal) private readonly withdrawal: Withdrawal,
    @Inject(Suspension) private readonly suspension: Suspension,
    @Inject(Jobs) private readonly jobs: Jobs,
  ) {}

  @Answers(retryJob)
  async retry({ jobId, ...retry }: Request<typeof retryJob>, delivery: Delivery) {
    const row = await this.own(jobId, retry.accountId);
    return this.retries.retry(row, retry, contextOf(retry.newJobId, delivery.context));
  }

  @Answers(eraseJob)
  async erase({ jobId, accountId }: Request<typeof eraseJob>, delivery: Delivery) {
    await this.erasure.erase(await this.own(jobId, accountId), contextOf(jobId, delivery.context));
    return toView(await this.own(jobId, accountId), 0);
  }

  @Answers(withdrawConsent)
  withdraw({ accountId, consentId }: Request<typeof withdrawConsent>, delivery: Delivery) {
    return this.withdrawal.of(accountId, consentId, delivery.context);
  }

  @Answers(endAccountJobs)
  suspend({ accountId, suspensionId }: Request<typeof endAccountJobs>, delivery: Delivery) {
    return this.suspension.of(accountId, suspensionId, delivery.context);
  }

  @Answers(withholdOutput)
  async withhold(
    { jobId, outputId, caseId, withheld }: Request<typeof withholdOutput>,
    delivery: Delivery,
  ) {
    const type = withheld ? 'WithholdOutput' : 'RestoreOutput';
    const meta = {
      commandId: `${type}:${caseId}:${outputId}`,
      context: contextOf(jobId, delivery.context),
    };
    await this.jobs.handle(jobId, { type, outputId, caseId }, meta);
    return {};
  }

  private async own(jobId: string, accountId: string): Promise<JobRow> {
    const row = await this.rows.find(jobId, accountId);
    if (row === undefined) throw new DomainError('job.not_found');
    return row;
  }
}
