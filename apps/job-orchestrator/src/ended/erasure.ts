import { jobSpec } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import { DomainError } from '@safelight/event-sourcing';
import type { ObjectStore } from '@safelight/object-store';
import type { Jobs } from '../job/job.handler.js';
import type { JobRow } from '../tables.js';

/**
 * Deletes what a job was made of and what it became. Files first: once the event is there, nothing
 * is left of them. Whoever dies in between leaves a job that can be deleted again. The words, and the
 * keys of the input pictures, go in the database transaction that records the event.
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
    const { inputs } = jobSpec.parse(row.spec);
    const keys = [...inputs, ...(row.reported ?? [])].map(({ key }) => key);
    await Promise.all(keys.map((key) => this.store.delete(key)));
    // One command for good: asking again gets the first answer.
    const meta = { commandId: `erase:${jobId}`, context };
    await this.jobs.handle(jobId, { type: 'EraseContent' }, meta);
  }
}
