import { Controller, Inject } from '@nestjs/common';
import { fetchInput, getJob, getTimeline, listJobs } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Contents } from '../content/contents.js';
import type { JobRow } from '../tables.js';
import { Jobs } from './job.handler.js';
import { ProgressBoard } from './job.progress.js';
import { JobReader } from './job.reader.js';
import { toTimeline } from './job.timeline.js';
import { toView } from './job.view.js';

type Request<Op extends { request: z.ZodType }> = z.output<Op['request']>;

/** Reads. Another account's job answers exactly like one that never was. */
@Controller()
export class JobController {
  constructor(
    @Inject(JobReader) private readonly rows: JobReader,
    @Inject(ProgressBoard) private readonly progress: ProgressBoard,
    @Inject(Jobs) private readonly jobs: Jobs,
    @Inject(Contents) private readonly contents: Contents,
  ) {}

  @Answers(getJob)
  async get({ jobId, accountId }: Request<typeof getJob>) {
    return this.view(await this.own(jobId, accountId));
  }

  @Answers(listJobs)
  async list(page: Request<typeof listJobs>) {
    const rows = await this.rows.page(page);
    const next = rows.length < page.limit ? null : (rows.at(-1)?.job_id ?? null);
    return { jobs: rows.map((row) => this.view(row)), next };
  }

  @Answers(getTimeline)
  async timeline({ jobId, accountId }: Request<typeof getTimeline>) {
    await this.own(jobId, accountId);
    return { events: toTimeline(await this.jobs.history(jobId)) };
  }

  @Answers(fetchInput)
  async input({ jobId, attempt }: Request<typeof fetchInput>) {
    const row = await this.rows.find(jobId);
    if (row === undefined) throw new DomainError('job.not_found');
    // Nobody but the current attempt has a use for the words.
    if (row.ended_at !== null || attempt < row.attempt) throw new DomainError('job.ended');
    const content = await this.contents.open(jobId);
    return { accountId: row.account_id, spec: row.spec, content };
  }

  private async own(jobId: string, accountId: string): Promise<JobRow> {
    const row = await this.rows.find(jobId);
    if (row?.account_id !== accountId) throw new DomainError('job.not_found');
    return row;
  }

  private view(row: JobRow) {
    return toView(row, this.progress.percentOf(row.job_id, row.attempt));
  }
}
