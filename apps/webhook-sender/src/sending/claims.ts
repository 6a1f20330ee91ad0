import type { JobStatus, WebhookEventType, WebhookForm } from '@safelight/contracts';
import { transact } from '@safelight/postgres';
import type pg from 'pg';
import type { Outcome } from './outcome.js';

/** A receiver that this sender alone may call, until the claim lapses. */
export interface Claim {
  readonly receiver: string;
  readonly accountId: string;
  readonly token: string;
}

/** A delivery that is due. */
export interface Due {
  readonly id: string;
  readonly endpoint_id: string;
  readonly account_id: string;
  readonly url: string;
  readonly form: WebhookForm;
  /** Of whom the secrets are. */
  readonly owner: string;
  readonly number: bigint;
  readonly event_id: string;
  readonly type: WebhookEventType;
  readonly test: boolean;
  readonly job_id: string | null;
  readonly sequence: number | null;
  readonly status: JobStatus | null;
  readonly occurred_at: Date;
  readonly due_at: Date;
  readonly tries: number;
  readonly round: number;
}

/** Receivers that are looked at for one claim: more than one account's share of slots. */
const LOOKED_AT = 256;

/**
 * Longest due first, but no more than its share of each account, so that one with many slow
 * receivers does not take all places.
 */
const take = `
  WITH due AS (
    SELECT receiver, account_id, due_at FROM webhooks.receivers
    WHERE due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
      AND account_id <> ALL ($2::text[]) AND receiver <> ALL ($6::text[])
    ORDER BY due_at LIMIT ${LOOKED_AT} FOR UPDATE SKIP LOCKED
  ), ranked AS (
    SELECT receiver, due_at, row_number() OVER (PARTITION BY account_id ORDER BY due_at) AS place
    FROM due
  ), chosen AS (
    SELECT receiver FROM ranked WHERE place <= $3 ORDER BY due_at LIMIT $4
  )
  UPDATE webhooks.receivers r SET claimed_by = gen_random_uuid(), claimed_until = $5
  FROM chosen c WHERE r.receiver = c.receiver
  RETURNING r.receiver, r.account_id, r.claimed_by`;

/** Both statements of one database transaction: the second sees all that the lock waited for. */
const hold = `SELECT FROM webhooks.receivers WHERE receiver = $1 FOR UPDATE`;
const release = `
  UPDATE webhooks.receivers SET claimed_by = NULL, claimed_until = NULL, due_at = (
    SELECT min(due_at) FROM webhooks.deliveries d WHERE d.receiver = $1 AND d.state = 'pending')
  WHERE receiver = $1 AND claimed_by = $2`;

/** A result of an earlier round is kept, but decides nothing: the delivery was asked for anew. */
const record = `
  WITH told AS (
    UPDATE webhooks.deliveries SET attempts = attempts + 1,
      acknowledged_at = CASE WHEN $3 THEN coalesce(acknowledged_at, $4) ELSE acknowledged_at END,
      tries = CASE WHEN round = $2 THEN tries + 1 ELSE tries END,
      state = CASE WHEN round <> $2 OR state <> 'pending' THEN state
        WHEN $3 THEN 'delivered' WHEN $5::timestamptz IS NULL THEN 'failed' ELSE 'pending' END,
      due_at = CASE WHEN round <> $2 OR state <> 'pending' THEN due_at ELSE $5 END
    WHERE id = $1 RETURNING attempts)
  INSERT INTO webhooks.attempts (delivery_id, attempt, at, duration_ms, status, error, next_at)
  SELECT $1, attempts, $6, $7, $8, $9, $5 FROM told`;

const lockEndpoint = `SELECT FROM webhooks.endpoints WHERE id = $1 FOR UPDATE`;
/** Not on the word of a try that was begun before its owner enabled the endpoint again. */
const disable = `
  UPDATE webhooks.endpoints SET disabled_at = $2, disabled_reason = 'gone'
  WHERE id = $1 AND disabled_at IS NULL AND EXISTS (
    SELECT FROM webhooks.deliveries d WHERE d.id = $3 AND d.round = $4 AND d.state = 'pending')`;
const giveUp = `
  UPDATE webhooks.deliveries SET state = 'failed', due_at = NULL
  WHERE endpoint_id = $1 AND state = 'pending' AND EXISTS (
    SELECT FROM webhooks.endpoints e WHERE e.id = $1 AND e.disabled_at IS NOT NULL)`;

/** What a sender reads and writes of the tables. */
export class Claims {
  constructor(private readonly pool: pg.Pool) {}

  /** Claims receivers that have something due. */
  async take(asked: {
    readonly now: Date;
    readonly until: Date;
    readonly most: number;
    readonly mostPerAccount: number;
    /** Accounts that have their share already. */
    readonly busy: readonly string[];
    /** Receivers that this sender calls already: its own claim may lapse when its clock is put right. */
    readonly own: readonly string[];
  }): Promise<Claim[]> {
    const { now, until, most, mostPerAccount, busy, own } = asked;
    const { rows } = await this.pool.query<{
      receiver: string;
      account_id: string;
      claimed_by: string;
    }>(take, [now, busy, mostPerAccount, most, until, own]);
    return rows.map((row) => ({
      receiver: row.receiver,
      accountId: row.account_id,
      token: row.claimed_by,
    }));
  }

  /** When the next receiver will have something due that nobody has claimed; `null`: nothing will. */
  async nextDueAt(): Promise<Date | null> {
    const { rows } = await this.pool.query<{ at: Date | null }>(
      `SELECT min(greatest(due_at, claimed_until)) AS at FROM webhooks.receivers
       WHERE due_at IS NOT NULL`,
    );
    return rows[0]?.at ?? null;
  }

  /** The first of a receiver's deliveries that are due. */
  async due(receiver: string, now: Date, most: number): Promise<Due[]> {
    const { rows } = await this.pool.query<Due>(
      `SELECT d.*, e.url, e.form, CASE WHEN e.job_id IS NULL THEN e.id ELSE e.account_id END AS owner
       FROM webhooks.deliveries d JOIN webhooks.endpoints e ON e.id = d.endpoint_id
       WHERE d.receiver = $1 AND d.state = 'pending' AND d.due_at <= $2
       ORDER BY d.due_at, d.number LIMIT $3`,
      [receiver, now, most],
    );
    return rows;
  }

  async record(due: Due, at: Date, durationMs: number, outcome: Outcome): Promise<void> {
    const { kind, status, error, nextAt } = outcome;
    const acknowledged = kind === 'acknowledged';
    const values = [due.id, due.round, acknowledged, at, nextAt, at, durationMs, status, error];
    const written = { name: 'webhooks_record', text: record, values };
    if (kind !== 'gone') {
      await transact(this.pool, [written]);
      return;
    }
    const { endpoint_id: endpoint, id, round } = due;
    await transact(this.pool, [
      { name: 'webhooks_lock_endpoint', text: lockEndpoint, values: [endpoint] },
      { name: 'webhooks_disable', text: disable, values: [endpoint, at, id, round] },
      written,
      { name: 'webhooks_give_up', text: giveUp, values: [endpoint] },
    ]);
  }

  /** Not tried, through no fault of the receiver's: no try is counted. */
  async putOff({ id, round }: Due, until: Date): Promise<void> {
    await this.pool.query(
      `UPDATE webhooks.deliveries SET due_at = $3
       WHERE id = $1 AND round = $2 AND state = 'pending'`,
      [id, round, until],
    );
  }

  /** Lets go of a receiver; does nothing when the claim has lapsed and somebody else has it. */
  async release({ receiver, token }: Claim): Promise<void> {
    await transact(this.pool, [
      { name: 'webhooks_hold', text: hold, values: [receiver] },
      { name: 'webhooks_release', text: release, values: [receiver, token] },
    ]);
  }
}
