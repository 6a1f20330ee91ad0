import { Controller, Get, Inject, Param } from '@nestjs/common';
import { getJob } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { ReleaseGate } from '../files/release-gate.js';
import { known } from './job-id.js';
import { presentJob } from './job.presenter.js';
import { Places } from './places.js';

/** One job as it is now, and when it will probably be done. */
@Controller('api/v1/jobs')
export class OneJobController {
  private readonly places: Places;

  constructor(
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
  ) {
    this.places = new Places(services);
  }

  @Get(':id')
  @Needs('jobs:read', { budget: 'watch' })
  async one(@TheCaller() { accountId }: Caller, @Param('id') id: string) {
    const job = await this.services.request(getJob, { jobId: known(id), accountId });
    const [data, meta] = await Promise.all([presentJob(job, this.gate), this.places.of(job)]);
    return { data, meta };
  }
}
