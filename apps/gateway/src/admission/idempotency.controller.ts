import { Controller, Get, Inject, Param } from '@nestjs/common';
import { getJob } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { RequestClient } from '@safelight/messaging';
import { ReleaseGate } from '../files/release-gate.js';
import { notFound } from '../http/refusals.js';
import { presentJob } from '../jobs/job.presenter.js';
import { Needs, TheCaller } from './admission.guard.js';
import { Answers, type KeptAnswer } from './answers.js';
import type { Caller } from './scope.js';

/** For the client that never saw an answer: what became of its request. */
@Controller('api/v1/idempotency')
export class IdempotencyController {
  constructor(
    @Inject(Answers) private readonly answers: Answers,
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(ReleaseGate) private readonly gate: ReleaseGate,
  ) {}

  @Get(':key')
  @Needs('jobs:read', { budget: 'watch' })
  async find(@TheCaller() { accountId }: Caller, @Param('key') key: string) {
    const kept = await this.answers.find(accountId, key);
    if (kept.length === 0) throw notFound();
    return { data: await Promise.all(kept.map((one) => this.present(one, accountId))), meta: {} };
  }

  private async present(kept: KeptAnswer, accountId: string) {
    const { route, jobId, answer, createdAt, expiresAt } = kept;
    return {
      route,
      state: answer === null ? 'in_progress' : 'answered',
      answer: answer === null || answer.body === null ? null : { ...answer, body: answer.body },
      job_id: jobId,
      job: jobId === null ? null : await this.job(jobId, accountId),
      created_at: createdAt.toISOString(),
      expires_at: expiresAt.toISOString(),
    };
  }

  /** The request may have been refused, or have died before its job came to be. */
  private async job(jobId: string, accountId: string) {
    try {
      return await presentJob(await this.services.request(getJob, { jobId, accountId }), this.gate);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'job.not_found') return null;
      throw error;
    }
  }
}
