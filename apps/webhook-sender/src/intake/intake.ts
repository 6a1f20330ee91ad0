import { newId, type JobStatus } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { GroupCommit, inTransaction, transact } from '@safelight/postgres';
import type pg from 'pg';
import type { Clock } from '../clock.js';
import { address, type Listener, type NewDelivery } from './address.js';
import { addDeliveries } from './add-deliveries.js';
import { typeOf, type News } from './news.js';

/** The standing endpoints of accounts, and those of single jobs; each by an index of its own. */
const listening = `
  SELECT id, account_id FROM webhooks.endpoints
  WHERE account_id = ANY($1) AND job_id IS NULL AND deleted_at IS NULL AND disabled_at IS NULL
  UNION ALL
  SELECT id, account_id FROM webhooks.endpoints
  WHERE job_id = ANY($2) AND account_id = ANY($1) AND deleted_at IS NULL AND disabled_at IS NULL`;

/** Mostly nobody wants to hear of a job: then nothing is written. */
const interested = `SELECT DISTINCT account_id FROM (${listening}) l`;

/** Always in the same order, so that two processes never wait for each other in a circle. */
const lock = `
  SELECT id, account_id, job_id, receiver, events, last_number FROM webhooks.endpoints
  WHERE id = ANY (ARRAY(SELECT id FROM (${listening}) l))
    AND deleted_at IS NULL AND disabled_at IS NULL
  ORDER BY id FOR UPDATE`;

const remember = `
  INSERT INTO webhooks.inbox (message_id, handled_at)
  SELECT message_id, $2 FROM unnest($1::text[]) AS message_id ORDER BY message_id
  ON CONFLICT DO NOTHING RETURNING message_id`;

export interface IntakeParts {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  /** Told after every commit that made something due. */
  readonly onDue: () => void;
}

/**
 * Turns what happened to jobs into deliveries, each exactly once: the inbox row and the deliveries of
 * a message are one database transaction. News that arrives together shares one.
 */
export class Intake {
  private readonly group: GroupCommit<News, undefined>;

  constructor(private readonly parts: IntakeParts) {
    this.group = new GroupCommit({ run: (news) => this.takeAll(news) });
  }

  async take(news: News): Promise<void> {
    await this.group.submit(news);
  }

  /**
   * Sends the event of a test button, or the mock event of a job, which asked again changes nothing.
   * @throws DomainError `webhook.not_found`, `webhook.disabled`
   */
  async test(
    endpoint: { readonly accountId: string; readonly id: string },
    mock?: { readonly jobId: string; readonly status: JobStatus },
  ): Promise<{ deliveryId: string; eventId: string }> {
    const { pool, clock } = this.parts;
    const added = await inTransaction(pool, async (db) => {
      const listener = await lockOne(db, endpoint);
      const now = clock.now();
      const delivery = testDelivery(listener, mock, now);
      const earlier = await findDelivery(db, delivery);
      if (earlier !== undefined) return { deliveryId: earlier, eventId: delivery.event_id };
      await addDeliveries(db, [delivery], now);
      return { deliveryId: delivery.id, eventId: delivery.event_id };
    });
    this.parts.onDue();
    return added;
  }

  private async takeAll(news: readonly News[]): Promise<undefined[]> {
    const none = news.map(() => undefined);
    const { pool, clock } = this.parts;
    const accounts = [...new Set(news.map(({ accountId }) => accountId))];
    const jobs = [...new Set(news.map(({ jobId }) => jobId))];
    const [rows = []] = await transact(pool, [
      { name: 'webhooks_interested', text: interested, values: [accounts, jobs] },
    ]);
    const wanted = new Set(rows.map(([accountId]) => accountId as string));
    // One message may be in hand twice: its second delivery says nothing new.
    const once = new Map(news.map((one) => [one.messageId, one]));
    const told = [...once.values()].filter(({ accountId }) => wanted.has(accountId));
    if (told.length === 0) return none;
    await inTransaction(pool, async (db) => {
      const listeners = await db.query<Listener>(lock, [[...wanted], jobs]);
      const ids = told.map(({ messageId }) => messageId);
      const fresh = await db.query<{ message_id: string }>(remember, [ids, clock.now()]);
      const unheard = new Set(fresh.rows.map(({ message_id }) => message_id));
      const due = told.filter(({ messageId }) => unheard.has(messageId));
      await addDeliveries(db, address(due, listeners.rows), clock.now());
    });
    this.parts.onDue();
    return none;
  }
}

async function lockOne(
  db: Pick<pg.Pool, 'query'>,
  { accountId, id }: { readonly accountId: string; readonly id: string },
): Promise<Listener> {
  const { rows } = await db.query<Listener & { disabled_at: Date | null }>(
    `SELECT id, account_id, job_id, receiver, events, last_number, disabled_at
     FROM webhooks.endpoints
     WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL FOR UPDATE`,
    [id, accountId],
  );
  const [row] = rows;
  if (row === undefined) throw new DomainError('webhook.not_found');
  if (row.disabled_at !== null) throw new DomainError('webhook.disabled');
  return row;
}

async function findDelivery(
  db: Pick<pg.Pool, 'query'>,
  { endpoint_id, event_id }: NewDelivery,
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT id FROM webhooks.deliveries WHERE endpoint_id = $1 AND event_id = $2',
    [endpoint_id, event_id],
  );
  return rows[0]?.id;
}

/** A job has one mock event: its id is the job's under another name. */
const mockEventIdOf = (jobId: string): string => jobId.replace(/^job_/, 'evt_');

const testDelivery = (
  listener: Listener,
  mock: { readonly jobId: string; readonly status: JobStatus } | undefined,
  now: Date,
): NewDelivery => ({
  id: newId('dlv'),
  endpoint_id: listener.id,
  account_id: listener.account_id,
  receiver: listener.receiver,
  number: String(listener.last_number + 1n),
  event_id: mock === undefined ? newId('evt') : mockEventIdOf(mock.jobId),
  type: mock === undefined ? 'webhook.test' : typeOf[mock.status],
  test: true,
  job_id: mock?.jobId ?? null,
  sequence: null,
  status: mock?.status ?? null,
  occurred_at: now.toISOString(),
});
