import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { ChargeResource } from '@safelight/contracts';
import { explainCharge, getJob, getTimeline } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { presentCharge } from './charge.presenter.js';
import { known } from './job-id.js';

/** Why a job cost what it cost. */
@Controller('api/v1/jobs/:id/charge')
export class ChargeController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get()
  @Needs('jobs:read', { budget: 'watch' })
  async charge(
    @TheCaller() { accountId }: Caller,
    @Param('id') id: string,
  ): Promise<{ data: ChargeResource; meta: object }> {
    const asked = { jobId: known(id), accountId };
    // First alone: whose job this is, is for the orchestrator to say.
    const job = await this.services.request(getJob, asked);
    const charged = job.spec.test === undefined;
    const [{ events }, explained] = await Promise.all([
      this.services.request(getTimeline, asked),
      charged ? this.services.request(explainCharge, { accountId, holdId: job.id }) : null,
    ]);
    return { data: presentCharge(job, events, explained), meta: {} };
  }
}
