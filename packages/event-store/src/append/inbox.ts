import type pg from 'pg';
import type { InboxEntry } from './unit.js';

const text = (schema: string): string => `
  INSERT INTO ${schema}.inbox (consumer, message_id)
  SELECT * FROM unnest($1::text[], $2::text[])
  ON CONFLICT DO NOTHING
  RETURNING consumer, message_id`;

/** An inbox entry as the key of a set. */
export const inboxKey = ({ consumer, messageId }: InboxEntry): string =>
  `${consumer}\0${messageId}`;

/**
 * Records messages as handled, in the caller's database transaction.
 *
 * @returns keys of those that were new
 */
export async function insertInbox(
  client: pg.PoolClient,
  schema: string,
  entries: readonly InboxEntry[],
): Promise<Set<string>> {
  if (entries.length === 0) return new Set();
  // Everybody takes them in the same order, so that two writers never wait for each other.
  const sorted = entries.toSorted((a, b) => (inboxKey(a) < inboxKey(b) ? -1 : 1));
  const { rows } = await client.query<[string, string]>({
    name: `${schema}_inbox`,
    text: text(schema),
    rowMode: 'array',
    values: [sorted.map(({ consumer }) => consumer), sorted.map(({ messageId }) => messageId)],
  });
  return new Set(rows.map(([consumer, messageId]) => inboxKey({ consumer, messageId })));
}

/**
 * For consumers whose effect is not an append: records one message in the database transaction of
 * that effect.
 *
 * @returns `false` when it was handled before: leave the effect out
 */
export async function recordInInbox(
  client: pg.PoolClient,
  schema: string,
  entry: InboxEntry,
): Promise<boolean> {
  return (await insertInbox(client, schema, [entry])).size === 1;
}
