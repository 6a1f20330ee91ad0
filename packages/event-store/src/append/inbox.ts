import type { Statement } from '@safelight/postgres';
import type { InboxEntry } from './unit.js';

const text = (schema: string): string => `
  INSERT INTO ${schema}.inbox (consumer, message_id)
  SELECT * FROM unnest($1::text[], $2::text[])`;

/** An inbox entry as the key of a set. */
export const inboxKey = ({ consumer, messageId }: InboxEntry): string =>
  `${consumer}\0${messageId}`;

/** Records messages as handled; fails on one that was handled before. */
export function insertInbox(schema: string, entries: readonly InboxEntry[]): Statement {
  // Everybody takes them in the same order, so that two writers never wait for each other.
  const sorted = entries.toSorted((a, b) => (inboxKey(a) < inboxKey(b) ? -1 : 1));
  return {
    name: `${schema}_inbox`,
    text: text(schema),
    values: [sorted.map(({ consumer }) => consumer), sorted.map(({ messageId }) => messageId)],
  };
}
