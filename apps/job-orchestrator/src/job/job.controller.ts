import { Controller, Inject } from '@nestjs/common';
import {
  cancelJob,
  endedAmong,
  fetchInput,
  getJob,
  getTimeline,
  getUsage,
  listJobs,
  readFeed,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import type { Delivery } from '@safelight/messaging';
import type { z } from 'zod';
import { Contents } from '../content/contents.js';
import type { JobRow } from '../tables.js';
import { GenerationRunner } from '../generation/generation.runner.js';
import { contextOf, Jobs } from './job.handler.js';
import { ProgressBoard } from './job.progress.js';
import { JobReader } from './job.reader.js';
import { toTimeline } from './job.timeline.js';
import { JobsOfAll } from './jobs-of-all.js';
import { toView } from './job.view.js';

type Request<Op extends { request: z.ZodType }> = z.output<Op['request']>;

/** Reads, and the customer's own stop. Another account's job answers exactly like one that never was. */
@Controller()
export class JobController {
  constructor(
    @Inject(JobReader) private readonly rows: JobReader,
    @Inject(JobsOfAll) private readonly all: JobsOfAll,
    @Inject(ProgressBoard) private readonly progress: ProgressBoard,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(Contents) private readonly contents: Contents,
    @Inject(GenerationRunner) private readonly generation: GenerationRunner,
  ) {}

  @Answers(getJob)
  async get({ jobId, accountId }: Request<typeof getJob>) {
    return this.view(await this.own(jobId, accountId));
  }

  @Answers(cancelJob)
  async cancel({ jobId, accountId }: Request<typeof cancelJob>, delivery: Delivery) {
    const { status } = await this.own(jobId, accountId);
    if (status === 'cancelled') return this.get({ jobId, accountId });
    const context = contextOf(jobId, delivery.context);
    // One command for good: asking again gets the first answer.
    const meta = { commandId: `cancel:${jobId}`, context };
    const { state, status: outcome } = await this.jobs.handle(jobId, { type: 'CancelJob' }, meta);
    if (outcome === 'nothing') throw new DomainError('job.settling');
    await this.generation.run(jobId, state, context);
    return this.get({ jobId, accountId });
  }

  @Answers(listJobs)
  async list(page: Request<typeof listJobs>) {
    const rows = await this.rows.page(page);
    return { jobs: rows.map((row) => this.view(row)), next: nextAfter(rows, page.limit) };
  }

  @Answers(readFeed)
  async feed({ limit, before }: Request<typeof readFeed>) {
    const rows = await this.rows.feed(limit, before);
    return { jobs: rows.map((row) => this.view(row)), next: nextAfter(rows, limit) };
  }

  @Answers(getUsage)
  async usage({ accountId, from, to }: Request<typeof getUsage>) {
    const rows = await this.rows.usage(accountId, from, to);
    return {
      rows: rows.map(({ day, model, key_id, jobs, completed, captured_micros }) => ({
        ...{ day, model, keyId: key_id, capturedMicros: captured_micros },
        ...{ jobs: Number(jobs), completed: Number(completed) },
      })),
    };
  }

  @Answers(endedAmong)
  async ended({ jobIds }: Request<typeof endedAmong>) {
    return { ended: await this.all.endedAmong(jobIds) };
  }

  @Answers(getTimeline)
  async timeline({ jobId, accountId, after }: Request<typeof getTimeline>) {
    const history = await this.rows.history(jobId, accountId, after);
    if (history === undefined) throw new DomainError('job.not_found');
    return { ended: history.ended, events: toTimeline(history.events) };
  }

  @Answers(fetchInput)
  async input({ jobId, attempt }: Request<typeof fetchInput>) {
    const input = await this.contents.input(jobId);
    if (input === undefined) throw new DomainError('job.not_found');
    // Nobody but the current attempt has a use for the words.
    if (input.ended || attempt < input.attempt) throw new DomainError('job.ended');
    const { accountId, spec, content } = input;
    return { accountId, spec, content };
  }

  private async own(jobId: string, accountId: string): Promise<JobRow> {
    const row = await this.rows.find(jobId, accountId);
    if (row === undefined) throw new DomainError('job.not_found');
    return row;
  }

  private view(row: JobRow) {
    return toView(row, this.progress.percentOf(row.job_id, row.attempt));
  }
}

/** Where the next page begins; `null` after the last one. */
const nextAfter = (rows: readonly JobRow[], limit: number): string | null =>
  rows.length < limit ? null : (rows.at(-1)?.job_id ?? null);
