import type pg from 'pg';
import type { StorageErrorCode } from '@safelight/contracts';

/** A job whose outputs this process alone copies, until the claim lapses. */
export interface StoreClaim {
  readonly job_id: string;
  readonly account_id: string;
  readonly region: string;
  readonly bucket: string;
  readonly path: string;
  readonly directly: boolean;
  readonly job_ended: boolean;
  readonly due_at: Date;
  readonly created_at: Date;
  readonly claimed_by: string;
}

/** What is known of the copy of one output. */
export interface Copy {
  readonly output_id: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly next_at: Date | null;
}

/** What a try leaves behind. */
export type CopyRecord =
  | { readonly state: 'delivered'; readonly deliveredAt: Date }
  | {
      readonly state: 'pending' | 'failed';
      readonly code: StorageErrorCode;
      readonly message: string;
      readonly nextAt: Date | null;
    };

/** Jobs that are looked at for one claim: more than one account's share. */
const LOOKED_AT = 64;

/** Longest due first, but no more than its share of each account. */
const take = `
  WITH due AS (
    SELECT job_id, account_id, due_at FROM webhooks.stores
    WHERE due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
      AND account_id <> ALL ($2::text[]) AND job_id <> ALL ($6::text[])
    ORDER BY due_at LIMIT ${LOOKED_AT} FOR UPDATE SKIP LOCKED
  ), ranked AS (
    SELECT job_id, due_at, row_number() OVER (PARTITION BY account_id ORDER BY due_at) AS place
    FROM due
  ), chosen AS (
    SELECT job_id FROM ranked WHERE place <= $3 ORDER BY due_at LIMIT $4
  )
  UPDATE webhooks.stores s SET claimed_by = gen_random_uuid(), claimed_until = $5
  FROM chosen c WHERE s.job_id = c.job_id
  RETURNING s.job_id, s.account_id, s.region, s.bucket, s.path, s.directly, s.job_ended, s.due_at,
    s.created_at, s.claimed_by`;

/** A copy that was delivered stays so, whatever a slower try has to say. */
const record = `
  INSERT INTO webhooks.copies AS c
    (job_id, output_id, state, attempts, error_code, error_message, next_at, delivered_at)
  VALUES ($1, $2, $3, 1, $4, $5, $6, $7)
  ON CONFLICT (job_id, output_id) DO UPDATE SET state = excluded.state, attempts = c.attempts + 1,
    error_code = excluded.error_code, error_message = excluded.error_message,
    next_at = excluded.next_at, delivered_at = excluded.delivered_at
  WHERE c.state = 'pending' OR (c.state = 'failed' AND excluded.state = 'delivered')`;

/** An event may have brought it forward meanwhile: then it is due by that. */
const release = `
  UPDATE webhooks.stores SET claimed_by = NULL, claimed_until = NULL,
    due_at = CASE WHEN job_ended = $4 THEN $3 ELSE due_at END
  WHERE job_id = $1 AND claimed_by = $2`;

/** What copiers read and write of the tables. */
export class CopyClaims {
  constructor(private readonly pool: pg.Pool) {}

  async take(asked: {
    readonly now: Date;
    readonly until: Date;
    readonly most: number;
    readonly mostPerAccount: number;
    /** Accounts that have their share already. */
    readonly busy: readonly string[];
    /** Jobs that this copier has in hand: its own claim may lapse when its clock is put right. */
    readonly own: readonly string[];
  }): Promise<StoreClaim[]> {
    const { now, until, most, mostPerAccount, busy, own } = asked;
    const values = [now, busy, mostPerAccount, most, until, own];
    return (await this.pool.query<StoreClaim>(take, values)).rows;
  }

  /** When the next job is due that nobody has claimed; `null`: none will be. */
  async nextDueAt(): Promise<Date | null> {
    const { rows } = await this.pool.query<{ at: Date | null }>(
      `SELECT min(greatest(due_at, claimed_until)) AS at FROM webhooks.stores
       WHERE due_at IS NOT NULL`,
    );
    return rows[0]?.at ?? null;
  }

  async copies({ job_id }: StoreClaim): Promise<Copy[]> {
    const { rows } = await this.pool.query<Copy>(
      'SELECT output_id, state, attempts, next_at FROM webhooks.copies WHERE job_id = $1',
      [job_id],
    );
    return rows;
  }

  /** @returns whether the claim is still this process's; if so it now holds until then */
  async renew({ job_id, claimed_by }: StoreClaim, until: Date): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'UPDATE webhooks.stores SET claimed_until = $3 WHERE job_id = $1 AND claimed_by = $2',
      [job_id, claimed_by, until],
    );
    return rowCount === 1;
  }

  async record({ job_id }: StoreClaim, outputId: string, what: CopyRecord): Promise<void> {
    const values =
      what.state === 'delivered'
        ? [null, null, null, what.deliveredAt]
        : [what.code, what.message, what.nextAt, null];
    await this.pool.query(record, [job_id, outputId, what.state, ...values]);
  }

  /** @param dueAt `null`: there is nothing left to do for this job */
  async release({ job_id, claimed_by, job_ended }: StoreClaim, dueAt: Date | null): Promise<void> {
    await this.pool.query(release, [job_id, claimed_by, dueAt, job_ended]);
  }
}
