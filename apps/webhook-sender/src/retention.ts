import type pg from 'pg';
import type { Clock } from './clock.js';

const DAY_MS = 86_400_000;
/** Deliveries with all their tries, and what became of copies, are kept so long after they were made. */
export const KEPT_DAYS = 30;
const AT_ONCE = 5_000;

/** In this order: an endpoint goes once its deliveries are gone. */
const forgetting = [
  `DELETE FROM webhooks.deliveries WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM webhooks.deliveries
     WHERE created_at < $1 AND state <> 'pending' LIMIT ${AT_ONCE}))`,
  // JetStream keeps messages for 7 days: one that is older can come no second time.
  `DELETE FROM webhooks.inbox WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM webhooks.inbox WHERE handled_at < $1 LIMIT ${AT_ONCE}))`,
  `DELETE FROM webhooks.endpoints e WHERE id = ANY (ARRAY(
     SELECT id FROM webhooks.endpoints e
     WHERE created_at < $1 AND (deleted_at < $1 OR job_id IS NOT NULL) AND NOT EXISTS (
       SELECT FROM webhooks.deliveries d WHERE d.endpoint_id = e.id) LIMIT ${AT_ONCE}))`,
  // A copy is tried for a day; what waits longer is of a deployment that copies no more.
  `DELETE FROM webhooks.stores WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM webhooks.stores WHERE created_at < $1 LIMIT ${AT_ONCE}))`,
  `DELETE FROM webhooks.secrets s WHERE expires_at < $1`,
  `DELETE FROM webhooks.receivers r WHERE receiver = ANY (ARRAY(
     SELECT receiver FROM webhooks.receivers r WHERE due_at IS NULL AND claimed_until IS NULL
       AND NOT EXISTS (SELECT FROM webhooks.endpoints e WHERE e.receiver = r.receiver)
     LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED))`,
];

/**
 * Deletes what is older than 30 days, some thousands at a time. Late or never costs space only;
 * several may do it at once. @returns whether there may be more
 */
export async function forget(pool: pg.Pool, clock: Clock): Promise<boolean> {
  const before = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS);
  let more = false;
  for (const statement of forgetting) {
    const values = statement.includes('$1') ? [before] : [];
    const { rowCount } = await pool.query(statement, values);
    more ||= rowCount === AT_ONCE;
  }
  return more;
}

const EVERY_MS = 3_600_000;

/** Forgets every hour. @returns stops it */
export function forgetNowAndThen(
  pool: pg.Pool,
  clock: Clock,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  const run = async () => {
    while (await forget(pool, clock)) continue;
  };
  const timer = setInterval(() => void run().catch(onFailure), EVERY_MS);
  timer.unref();
  return async () => clearInterval(timer);
}
