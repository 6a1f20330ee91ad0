import type { ObjectStore } from '@safelight/object-store';
import { Recurring, type Telemetry } from '@safelight/telemetry';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { OrchestratorTables } from '../tables.js';
import { isOrphan, jobOfKey } from './orphans.js';

const JOBS_AT_ONCE = 500;

export interface OrphanSweepOptions {
  readonly db: Kysely<OrchestratorTables>;
  readonly store: ObjectStore;
  readonly telemetry: Telemetry;
  /**
   * In milliseconds. Longer than anything takes from an object's put to the row that names it: a
   * younger object is left alone whatever the rows say, so no running put can lose what it wrote.
   */
  readonly olderThanMs: number;
  readonly everyMs: number;
}

/**
 * Deletes pictures that no job names. Any number of processes may sweep at once: each deletes what
 * the other would.
 */
export class OrphanSweep {
  private readonly recurring: Recurring;
  private stopping = false;

  constructor(private readonly options: OrphanSweepOptions) {
    const { everyMs, telemetry } = options;
    this.recurring = new Recurring(
      () => this.run(),
      everyMs,
      (error) =>
        telemetry.logger.error({ err: error }, 'the sweep could not look for orphaned objects'),
    );
  }

  start(): void {
    this.recurring.start();
  }

  /** Resolves when the page in hand is done. */
  stop(): Promise<void> {
    this.stopping = true;
    return this.recurring.close();
  }

  /** @returns how many objects were deleted */
  async run(): Promise<number> {
    const { store, telemetry } = this.options;
    let gone = 0;
    for await (const keys of store.list('jobs')) {
      if (this.stopping) break;
      for (const orphan of await this.orphansAmong(keys)) {
        await store.delete(orphan);
        gone += 1;
      }
    }
    if (gone > 0) telemetry.logger.info({ objects: gone }, 'deleted objects that no job names');
    return gone;
  }

  private async orphansAmong(keys: readonly string[]): Promise<string[]> {
    const jobIds = [...new Set(keys.map(jobOfKey))];
    const jobs = new Map<string, Awaited<ReturnType<typeof this.tracesOf>>[number]>();
    for (let at = 0; at < jobIds.length; at += JOBS_AT_ONCE) {
      const found = await this.tracesOf(jobIds.slice(at, at + JOBS_AT_ONCE));
      for (const job of found) jobs.set(job.job_id, job);
    }
    const orphans: string[] = [];
    for (const key of keys)
      if (isOrphan(key, jobs.get(jobOfKey(key))) && (await this.isOld(key))) orphans.push(key);
    return orphans;
  }

  private tracesOf(jobIds: readonly string[]) {
    return this.options.db
      .selectFrom('jobs')
      .select(['job_id', 'ended_at', 'deleted_at', 'spec', 'reported'])
      .where('job_id', '=', sql<string>`any(${jobIds})`)
      .execute();
  }

  private async isOld(key: string): Promise<boolean> {
    const at = await this.options.store.writtenAt(key);
    return at !== undefined && Date.now() - at.getTime() > this.options.olderThanMs;
  }
}
