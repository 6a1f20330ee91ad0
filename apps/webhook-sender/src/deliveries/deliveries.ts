import type { WebhookDelivery } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { inTransaction } from '@safelight/postgres';
import type pg from 'pg';
import type { Clock } from '../clock.js';
import { withAttempts, type DeliveryRow } from './delivery.rows.js';

export interface Page {
  readonly limit: number;
  /** Id of the last one seen; newest first. */
  readonly before: string | null;
  readonly state: WebhookDelivery['state'] | null;
}

/** Both ends included; `null` is open. */
export interface Range {
  readonly since: string | null;
  readonly until: string | null;
  readonly fromNumber: number | null;
  readonly toNumber: number | null;
  readonly missingOnly: boolean;
}

/** Whose endpoint. */
export interface Owned {
  readonly accountId: string;
  readonly webhookId: string;
}

/** Deliveries that one redelivery of a range takes at most; asked again it takes the next. */
const RANGE_MAX = 10_000;

/** Due anew, at the start of the schedule, whatever became of the last round. */
const again = `UPDATE webhooks.deliveries d
  SET state = 'pending', due_at = $2, tries = 0, round = round + 1`;

const wake = `INSERT INTO webhooks.receivers AS r (receiver, account_id, due_at)
  SELECT receiver, account_id, $2 FROM webhooks.endpoints WHERE id = $1
  ON CONFLICT (receiver) DO UPDATE SET due_at = least(r.due_at, excluded.due_at)`;

/** What is on its way, and what became of the rest. */
export class Deliveries {
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    private readonly onDue: () => void,
  ) {}

  /** @throws DomainError `webhook.not_found` */
  async list(owned: Owned, { limit, before, state }: Page): Promise<WebhookDelivery[]> {
    await requireOwn(this.pool, owned);
    const { rows } = await this.pool.query<DeliveryRow>(
      `SELECT * FROM webhooks.deliveries WHERE endpoint_id = $1
         AND ($2::text IS NULL OR id < $2) AND ($3::text IS NULL OR state = $3)
       ORDER BY id DESC LIMIT $4`,
      [owned.webhookId, before, state, limit],
    );
    return withAttempts(this.pool, rows);
  }

  /** @throws DomainError `webhook.not_found`, also for the delivery; `webhook.disabled` */
  async redeliver(owned: Owned, deliveryId: string): Promise<WebhookDelivery> {
    const delivery = await inTransaction(this.pool, async (db) => {
      await requireActive(db, owned);
      const now = this.clock.now();
      const { rows } = await db.query<DeliveryRow>(
        `${again} WHERE id = $1 AND endpoint_id = $3 RETURNING *`,
        [deliveryId, now, owned.webhookId],
      );
      if (rows.length === 0) throw new DomainError('webhook.not_found');
      await db.query(wake, [owned.webhookId, now]);
      const [found] = await withAttempts(db, rows);
      return found;
    });
    this.onDue();
    if (delivery === undefined) throw new DomainError('webhook.not_found');
    return delivery;
  }

  /** The oldest first, up to a limit. @throws DomainError `webhook.not_found`, `webhook.disabled` */
  async redeliverRange(owned: Owned, range: Range): Promise<{ count: number; truncated: boolean }> {
    const count = await inTransaction(this.pool, async (db) => {
      await requireActive(db, owned);
      const now = this.clock.now();
      const { rowCount } = await db.query(
        `${again} FROM (
           SELECT id FROM webhooks.deliveries WHERE endpoint_id = $1
             AND ($3::timestamptz IS NULL OR occurred_at >= $3)
             AND ($4::timestamptz IS NULL OR occurred_at <= $4)
             AND ($5::bigint IS NULL OR number >= $5) AND ($6::bigint IS NULL OR number <= $6)
             AND (NOT $7 OR acknowledged_at IS NULL)
           ORDER BY number LIMIT $8) chosen
         WHERE d.id = chosen.id`,
        [
          owned.webhookId,
          now,
          range.since,
          range.until,
          range.fromNumber,
          range.toNumber,
          range.missingOnly,
          RANGE_MAX,
        ],
      );
      await db.query(wake, [owned.webhookId, now]);
      return rowCount ?? 0;
    });
    this.onDue();
    return { count, truncated: count === RANGE_MAX };
  }
}

/** @throws DomainError `webhook.not_found` */
export async function requireOwn(
  db: Pick<pg.Pool, 'query'>,
  { accountId, webhookId }: Owned,
  lock: 'FOR UPDATE' | '' = '',
): Promise<{ disabled_at: Date | null; last_number: bigint }> {
  const { rows } = await db.query<{ disabled_at: Date | null; last_number: bigint }>(
    `SELECT disabled_at, last_number FROM webhooks.endpoints
     WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL ${lock}`,
    [webhookId, accountId],
  );
  const [row] = rows;
  if (row === undefined) throw new DomainError('webhook.not_found');
  return row;
}

async function requireActive(db: Pick<pg.Pool, 'query'>, owned: Owned): Promise<void> {
  const { disabled_at } = await requireOwn(db, owned, 'FOR UPDATE');
  if (disabled_at !== null) throw new DomainError('webhook.disabled');
}
