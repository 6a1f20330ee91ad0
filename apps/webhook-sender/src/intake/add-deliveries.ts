import type pg from 'pg';
import type { NewDelivery } from './address.js';

const add = `
  INSERT INTO webhooks.deliveries (id, endpoint_id, account_id, receiver, number, event_id, type,
    test, job_id, sequence, status, occurred_at, state, due_at, created_at)
  SELECT id, endpoint_id, account_id, receiver, number, event_id, type, test, job_id, sequence,
    status, occurred_at, 'pending', $2, $2
  FROM json_to_recordset($1) AS d (id text, endpoint_id text, account_id text, receiver text,
    number bigint, event_id text, type text, test boolean, job_id text, sequence int, status text,
    occurred_at timestamptz)`;

const count = `
  UPDATE webhooks.endpoints e SET last_number = greatest(e.last_number, n.number)
  FROM (SELECT endpoint_id, max(number) AS number
        FROM json_to_recordset($1) AS d (endpoint_id text, number bigint) GROUP BY 1) n
  WHERE e.id = n.endpoint_id`;

/** Receivers in one order, so that two writers never wait for each other in a circle. */
const wake = `
  INSERT INTO webhooks.receivers AS r (receiver, account_id, due_at)
  SELECT DISTINCT receiver, account_id, $2::timestamptz
  FROM json_to_recordset($1) AS d (receiver text, account_id text) ORDER BY receiver
  ON CONFLICT (receiver) DO UPDATE SET due_at = least(r.due_at, excluded.due_at)`;

/** Adds deliveries of endpoints that the database transaction has locked, due now. */
export async function addDeliveries(
  db: Pick<pg.Pool, 'query'>,
  deliveries: readonly NewDelivery[],
  now: Date,
): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = JSON.stringify(deliveries);
  await db.query(add, [rows, now]);
  await db.query(count, [rows]);
  await db.query(wake, [rows, now]);
}
