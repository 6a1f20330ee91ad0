import { Controller, Inject } from '@nestjs/common';
import { findAccepted, submitJob } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import type { Telemetry } from '@safelight/telemetry';
import { contextOf } from '../job/job.handler.js';
import type { Reply, Request } from './request.js';
import { Submissions } from './submission.js';
import { TELEMETRY } from '../tokens.js';

@Controller()
export class SubmissionController {
  constructor(
    @Inject(Submissions) private readonly submissions: Submissions,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  @Answers(submitJob)
  async submit(request: Request, delivery: Delivery): Promise<Reply> {
    const { jobId } = request;
    const reply = await this.submissions.submit(request, contextOf(jobId, delivery.context));
    this.telemetry.logger.info({ job_id: jobId }, 'job accepted');
    return reply;
  }

  @Answers(findAccepted)
  async find(asked: z.output<typeof findAccepted.request>) {
    return { found: (await this.submissions.find(asked)) ?? null };
  }
}
