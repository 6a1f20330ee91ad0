import type { MessageContext } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';
import type { ObjectStore } from '@safelight/object-store';
import type { Jobs } from '../job/job.handler.js';
import type { JobRow } from '../tables.js';

/**
 * Deletes what a job was made of and what it became, in whichever attempt. Files first: once the event is there, nothing
 * is left of them. Whoever dies in between leaves a job that can be deleted again. The words, and the
 * keys of the input pictures, go in the database transaction that records the event. What a worker puts
 * down later, because it has not heard of the job's end yet, is for `OrphanSweep`.
 */
export class Erasure {
  constructor(
    private readonly jobs: Jobs,
    private readonly store: ObjectStore,
  ) {}

  /** @throws DomainError `job.open` while the job has not ended */
  async erase(row: JobRow, context: MessageContext): Promise<void> {
    if (row.deleted_at !== null) return;
    const { job_id: jobId, status } = row;
    if (row.ended_at === null) throw new DomainError('job.open', { status });
    // By name and not by what is known: attempts that were never reported have left pictures too.
    for await (const keys of this.store.list(`jobs/${jobId}`))
      await Promise.all(keys.map((key) => this.store.delete(key)));
    // One command for good: asking again gets the first answer.
    const meta = { commandId: `erase:${jobId}`, context };
    await this.jobs.handle(jobId, { type: 'EraseContent' }, meta);
  }
}
