import {
  newId,
  type SigningSecret,
  type WebhookEndpoint,
  type WebhookForm,
} from '@safelight/contracts';
import type { Egress } from '@safelight/egress';
import { DomainError } from '@safelight/event-sourcing';
import { inTransaction } from '@safelight/postgres';
import type pg from 'pg';
import type { Clock } from '../clock.js';
import type { Secrets } from '../signing/secrets.js';
import { receiverOf, toEndpoint, type EndpointRow } from './endpoint.rows.js';
import { requireReceivable } from './receiver-check.js';

const MOST_ENDPOINTS = 20;

export interface EndpointsParts {
  readonly pool: pg.Pool;
  readonly secrets: Secrets;
  readonly egress: Egress;
  readonly clock: Clock;
}

interface NewEndpoint {
  readonly accountId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string;
  readonly form?: WebhookForm;
}

/** An endpoint with its secret, as told once. */
export interface MadeEndpoint {
  readonly endpoint: WebhookEndpoint;
  readonly signing: SigningSecret;
}

/** The endpoints of accounts. Another account's answers exactly like one that never was. */
export class Endpoints {
  constructor(private readonly parts: EndpointsParts) {}

  /** @throws DomainError `webhook.too_many {most}`, `webhook.url_refused {message}` */
  async register(wanted: NewEndpoint): Promise<MadeEndpoint> {
    const { pool, secrets, egress, clock } = this.parts;
    await requireReceivable(egress, wanted.url);
    return inTransaction(pool, async (db) => {
      // Registrations of one account take turns, so that racing cannot pass the limit.
      await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 19))', [wanted.accountId]);
      await requireRoom(db, wanted.accountId);
      const row = await insert(db, newId('whk'), null, wanted, clock.now());
      if (row === undefined) throw new Error('a fresh id was taken');
      const signing = await secrets.make(db, row.id, clock.now());
      return { endpoint: toEndpoint(row), signing };
    });
  }

  /** The account's own, newest first; not those of single jobs. */
  async list(accountId: string, limit: number, before: string | null): Promise<WebhookEndpoint[]> {
    const { rows } = await this.parts.pool.query<EndpointRow>(
      `SELECT * FROM webhooks.endpoints WHERE account_id = $1 AND deleted_at IS NULL
         AND job_id IS NULL AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
      [accountId, before, limit],
    );
    return rows.map(toEndpoint);
  }

  /** @throws DomainError `webhook.not_found` */
  async get(accountId: string, id: string): Promise<WebhookEndpoint> {
    return toEndpoint(await this.find(this.parts.pool, accountId, id));
  }

  /**
   * From now on nothing is sent to it; what is under way may still arrive.
   * @throws DomainError `webhook.not_found`
   */
  async remove(accountId: string, id: string): Promise<void> {
    const { pool, clock } = this.parts;
    await inTransaction(pool, async (db) => {
      await this.find(db, accountId, id, 'FOR UPDATE');
      await db.query('UPDATE webhooks.endpoints SET deleted_at = $2 WHERE id = $1', [
        id,
        clock.now(),
      ]);
      await db.query(
        `UPDATE webhooks.deliveries SET state = 'failed', due_at = NULL
         WHERE endpoint_id = $1 AND state = 'pending'`,
        [id],
      );
    });
  }

  /** @throws DomainError `webhook.not_found` */
  async enable(accountId: string, id: string): Promise<WebhookEndpoint> {
    const { pool } = this.parts;
    return inTransaction(pool, async (db) => {
      await this.find(db, accountId, id, 'FOR UPDATE');
      await db.query(
        'UPDATE webhooks.endpoints SET disabled_at = NULL, disabled_reason = NULL WHERE id = $1',
        [id],
      );
      return toEndpoint(await this.find(db, accountId, id));
    });
  }

  /** @throws DomainError `webhook.not_found`, also for one of a single job: the account signs those */
  async rotate(accountId: string, id: string, overlapSeconds: number): Promise<MadeEndpoint> {
    const { pool, secrets, clock } = this.parts;
    return inTransaction(pool, async (db) => {
      const row = await this.find(db, accountId, id, 'FOR UPDATE');
      if (row.job_id !== null) throw new DomainError('webhook.not_found');
      const signing = await secrets.rotate(db, id, overlapSeconds, clock.now());
      return { endpoint: toEndpoint(row), signing };
    });
  }

  accountSecret(accountId: string): Promise<SigningSecret> {
    const { pool, secrets, clock } = this.parts;
    return secrets.make(pool, accountId, clock.now());
  }

  rotateAccountSecret(accountId: string, overlapSeconds: number): Promise<SigningSecret> {
    const { pool, secrets, clock } = this.parts;
    return inTransaction(pool, (db) => secrets.rotate(db, accountId, overlapSeconds, clock.now()));
  }

  /**
   * An endpoint for one job. Asking again changes nothing.
   * @returns its id
   * @throws DomainError `webhook.url_refused {message}`; `webhook.not_found` for another's job
   */
  async attach(jobId: string, wanted: NewEndpoint): Promise<string> {
    const { pool, secrets, egress, clock } = this.parts;
    const refusal = await requireReceivable(egress, wanted.url).catch((error: unknown) => ({
      error,
    }));
    return inTransaction(pool, async (db) => {
      if (refusal !== undefined) return attachedTo(db, jobId, wanted.accountId, refusal.error);
      await secrets.make(db, wanted.accountId, clock.now());
      const row = await insert(db, newId('whk'), jobId, wanted, clock.now());
      if (row !== undefined) return row.id;
      return attachedTo(db, jobId, wanted.accountId, new DomainError('webhook.not_found'));
    });
  }

  /** @throws DomainError `webhook.not_found` */
  private async find(
    db: Pick<pg.Pool, 'query'>,
    accountId: string,
    id: string,
    lock: 'FOR UPDATE' | '' = '',
  ): Promise<EndpointRow> {
    const { rows } = await db.query<EndpointRow>(
      `SELECT * FROM webhooks.endpoints
       WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL ${lock}`,
      [id, accountId],
    );
    const [row] = rows;
    if (row === undefined) throw new DomainError('webhook.not_found');
    return row;
  }
}

/** The job's receiver from before. @throws `otherwise` where there is none */
async function attachedTo(
  db: Pick<pg.Pool, 'query'>,
  jobId: string,
  accountId: string,
  otherwise: unknown,
): Promise<string> {
  const { rows } = await db.query<EndpointRow>(
    'SELECT * FROM webhooks.endpoints WHERE job_id = $1 AND account_id = $2',
    [jobId, accountId],
  );
  if (rows[0] === undefined) throw otherwise;
  return rows[0].id;
}

async function requireRoom(db: Pick<pg.Pool, 'query'>, accountId: string): Promise<void> {
  const { rows } = await db.query<{ n: bigint }>(
    `SELECT count(*) AS n FROM webhooks.endpoints
     WHERE account_id = $1 AND deleted_at IS NULL AND job_id IS NULL`,
    [accountId],
  );
  if ((rows[0]?.n ?? 0n) < BigInt(MOST_ENDPOINTS)) return;
  throw new DomainError('webhook.too_many', { most: MOST_ENDPOINTS });
}

async function insert(
  db: Pick<pg.Pool, 'query'>,
  id: string,
  jobId: string | null,
  { accountId, url, events, description, form = 'native' }: NewEndpoint,
  now: Date,
): Promise<EndpointRow | undefined> {
  const { rows } = await db.query<EndpointRow>(
    `INSERT INTO webhooks.endpoints
       (id, account_id, job_id, url, receiver, events, description, created_at, form)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (job_id) DO NOTHING RETURNING *`,
    [id, accountId, jobId, url, receiverOf(accountId, url), events, description, now, form],
  );
  return rows[0];
}
