import { bucketKeyOf, type OutputStorage, type S3Storage } from '@safelight/contracts';
import type { attachStorage, repeatStorage, toldStorage } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { GroupCommit, transact } from '@safelight/postgres';
import type pg from 'pg';
import type { z } from 'zod';
import type { Clock } from '../clock.js';
import { remedies } from './copy-outcome.js';

/** When a job is looked at though no event told of its end. */
export const UNTOLD_MS = 3_600_000;

const attach = `
  INSERT INTO webhooks.stores (job_id, account_id, region, bucket, path, directly, due_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (job_id) DO NOTHING`;

const repeat = `
  INSERT INTO webhooks.stores (job_id, account_id, region, bucket, path, directly, due_at, created_at)
  SELECT $1, account_id, region, bucket, path, directly, $4, $5 FROM webhooks.stores
  WHERE job_id = $2 AND account_id = $3 ON CONFLICT (job_id) DO NOTHING`;

/** Always in the same order, so that two processes never wait for each other in a circle. */
const ended = `
  UPDATE webhooks.stores SET job_ended = true, due_at = least(due_at, $3)
  WHERE job_id = ANY (ARRAY(
    SELECT s.job_id FROM unnest($1::text[], $2::text[]) AS e (job_id, account_id)
    JOIN webhooks.stores s ON s.job_id = e.job_id AND s.account_id = e.account_id
    WHERE s.due_at IS NOT NULL AND NOT s.job_ended
    ORDER BY s.job_id FOR UPDATE OF s))
  RETURNING job_id`;

const told = `
  SELECT s.region, s.bucket, s.path, s.directly, s.due_at, c.output_id, c.state, c.attempts,
    c.error_code, c.error_message, c.next_at, c.delivered_at
  FROM webhooks.stores s LEFT JOIN webhooks.copies c ON c.job_id = s.job_id
  WHERE s.job_id = $1 AND s.account_id = $2`;

interface ToldRow {
  readonly region: string;
  readonly bucket: string;
  readonly path: string;
  readonly directly: boolean;
  readonly due_at: Date | null;
  readonly output_id: string | null;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly error_code: NonNullable<OutputStorage['error']>['code'] | null;
  readonly error_message: string | null;
  readonly next_at: Date | null;
  readonly delivered_at: Date | null;
}

export interface StoresParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** Whether there is an identity to copy with. */
  readonly available: boolean;
  /** Told when something may have become due. */
  readonly onDue: () => void;
}

interface Ending {
  readonly jobId: string;
  readonly accountId: string;
}

/** Which bucket the outputs of a job go to, and what became of them. Every statement names an account. */
export class Stores {
  /** Jobs end many at a time, and hardly one has a bucket. */
  private readonly endings = new GroupCommit<Ending, undefined>({
    run: (jobs) => this.endAll(jobs),
  });

  constructor(private readonly parts: StoresParts) {}

  get available(): boolean {
    return this.parts.available;
  }

  /** Asking again changes nothing. @throws DomainError `storage.not_configured` */
  async attach({ jobId, accountId, s3 }: z.output<typeof attachStorage.request>): Promise<void> {
    this.requireAvailable();
    const { region, bucket, path, save_to_path_directly: directly } = s3;
    const values = [jobId, accountId, region, bucket, path, directly, ...this.times()];
    await this.parts.pool.query(attach, values);
  }

  /** @throws DomainError `storage.not_configured` */
  async repeat({ jobId, accountId, repeatOf }: z.output<typeof repeatStorage.request>) {
    this.requireAvailable();
    await this.parts.pool.query(repeat, [jobId, repeatOf, accountId, ...this.times()]);
  }

  /** The job has ended: its outputs, if it has any, are due. */
  async ended(job: Ending): Promise<void> {
    await this.endings.submit(job);
  }

  async told({ jobId, accountId, outputs }: z.output<typeof toldStorage.request>) {
    const { rows } = await this.parts.pool.query<ToldRow>(told, [jobId, accountId]);
    const [store] = rows;
    if (store === undefined) return [];
    return outputs.map(({ outputId, mediaType }) => {
      const target: S3Storage = { ...store, save_to_path_directly: store.directly };
      const key = bucketKeyOf(target, { jobId, outputId, mediaType });
      const copy = rows.find((row) => row.output_id === outputId);
      const { region, bucket } = store;
      return { outputId, storage: { region, bucket, key, ...this.stateOf(store, copy) } };
    });
  }

  private async endAll(jobs: readonly Ending[]): Promise<undefined[]> {
    const { pool, clock, onDue } = this.parts;
    const jobIds = jobs.map(({ jobId }) => jobId);
    const accountIds = jobs.map(({ accountId }) => accountId);
    const values = [jobIds, accountIds, clock.now()];
    const [rows = []] = await transact(pool, [
      { name: 'webhooks_jobs_ended', text: ended, values },
    ]);
    if (rows.length > 0) onDue();
    return jobs.map(() => undefined);
  }

  private stateOf({ due_at }: ToldRow, copy: ToldRow | undefined) {
    const { available } = this.parts;
    const state = copy?.state ?? (due_at === null ? 'failed' : 'pending');
    const isStuck = copy?.error_code == null && state !== 'delivered' && (!available || !due_at);
    const code = isStuck ? 'not_available' : (copy?.error_code ?? null);
    const next = state === 'pending' ? (copy?.next_at ?? due_at) : null;
    return {
      state,
      attempts: copy?.attempts ?? 0,
      error: code && { code, message: copy?.error_message ?? remedies[code] },
      delivered_at: copy?.delivered_at?.toISOString() ?? null,
      next_attempt_at: next?.toISOString() ?? null,
    };
  }

  private requireAvailable(): void {
    if (!this.parts.available) throw new DomainError('storage.not_configured');
  }

  private times(): [Date, Date] {
    const now = this.parts.clock.now();
    return [new Date(now.getTime() + UNTOLD_MS), now];
  }
}
