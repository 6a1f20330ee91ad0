import type { RecordedEvent } from '@safelight/event-sourcing';
import { streamStatement, toRecorded, type RecordedRow } from '@safelight/event-store';
import { EVERYBODY, GroupCommit, statementOf, type CustomerReads } from '@safelight/postgres';
import { schema } from '../migrations/index.js';
import type { JobRow } from '../tables.js';
import { streamOf } from './job.handler.js';
import { jobPage, type JobPage } from './job.page.sql.js';
import { feedPage, findJobs, findOwner } from './job.reads.sql.js';
import { usageOf, type UsageRow } from './job.usage.sql.js';

interface Wanted {
  readonly jobId: string;
  readonly accountId: string;
}

/** What happened to a job, and whether nothing will follow. */
export interface JobHistory {
  readonly ended: boolean;
  readonly events: readonly RecordedEvent[];
}

/**
 * What customers read of their jobs. All of it goes through `CustomerReads`, which shows the rows of
 * the account that asks alone, and to everybody the feed alone.
 */
export class JobReader {
  private readonly finding: GroupCommit<Wanted, JobRow | undefined>;

  constructor(private readonly reads: CustomerReads) {
    this.finding = new GroupCommit({ run: (wanted) => this.findAll(wanted) });
  }

  /** Those asked for one by one at the same moment share a round trip, each within its account. */
  async find(jobId: string, accountId: string): Promise<JobRow | undefined> {
    const row = await this.finding.submit({ jobId, accountId });
    return row?.account_id === accountId ? row : undefined;
  }

  /** One account's jobs, newest first. */
  page(page: JobPage): Promise<readonly JobRow[]> {
    return this.reads.records<JobRow>(page.accountId, statementOf(jobPage(page)));
  }

  /** The jobs shown to everybody, newest first. */
  feed(limit: number, before: string | null): Promise<readonly JobRow[]> {
    return this.reads.records<JobRow>(EVERYBODY, feedPage(limit, before));
  }

  /** Jobs and credits by day, model and key. */
  usage(accountId: string, from: string, to: string): Promise<readonly UsageRow[]> {
    return this.reads.records<UsageRow>(accountId, statementOf(usageOf(accountId, from, to)));
  }

  /** `undefined` when the account has no such job. */
  async history(jobId: string, accountId: string, after: number): Promise<JobHistory | undefined> {
    // The row first: if it says that the job has ended, the stream that is read then is whole.
    const [owner, stream = []] = await this.reads.rows(accountId, [
      findOwner(jobId),
      streamStatement(schema, streamOf(jobId), after),
    ]);
    const [ownerId, ended] = owner?.[0] ?? [];
    if (ownerId !== accountId) return undefined;
    const events = (stream as unknown as RecordedRow[]).map(toRecorded);
    return { ended: ended === true, events };
  }

  private async findAll(wanted: readonly Wanted[]): Promise<(JobRow | undefined)[]> {
    const jobsOf = Map.groupBy(wanted, ({ accountId }) => accountId);
    const reads = [...jobsOf].map(([accountId, jobs]) => ({
      accountId,
      statement: findJobs(jobs.map(({ jobId }) => jobId)),
    }));
    const answers = await this.reads.recordsOfEach<JobRow>(reads);
    // By who asked, not by whose it is: what one may see says nothing about another.
    const seen = new Map<string, JobRow>();
    for (const [at, { accountId }] of reads.entries()) {
      for (const row of answers[at] ?? []) seen.set(`${accountId} ${row.job_id}`, row);
    }
    return wanted.map(({ jobId, accountId }) => seen.get(`${accountId} ${jobId}`));
  }
}
