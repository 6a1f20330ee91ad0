import type { Rows, Statement } from '@safelight/postgres';
import { emptyDraft, type Book, type Draft } from './book.js';
import type { LedgerCommand } from './ledger.js';
import { transactionId, type Resolution } from './transaction.js';

/**
 * All that a batch needs to know, in one statement and so from one snapshot: the grants, holds and
 * resolutions asked for, and the newest transaction of every account that may be touched. `limit 1`
 * in each look-up keeps the plan, made once per connection, on the indexes.
 */
const text = `
with found as materialized (
  select t.* from json_array_elements_text($1) asked (id)
  cross join lateral (select * from billing.transactions t where t.id = asked.id limit 1) t
), asked_accounts as materialized (
  select json_array_elements_text($2) as account_id union select account_id from found
)
select
  floor(extract(epoch from clock_timestamp()) * 1000)::float8,
  (select json_agg(json_build_array(kind, id, account_id, available_micros::text,
     held_micros::text, revenue_micros::text, item, price_version,
     floor(extract(epoch from expires_at) * 1000)))
   from found),
  (select json_agg(json_build_array(asked.account_id, head.sequence,
     head.available_after_micros::text, head.held_after_micros::text))
   from asked_accounts asked
   cross join lateral (
     select * from billing.transactions t where t.account_id = asked.account_id
     order by t.sequence desc limit 1) head)`;

type Kind = 'grant' | 'hold' | Resolution['kind'];
type FoundRow = [
  kind: Kind,
  id: string,
  accountId: string,
  available: string,
  held: string,
  revenue: string,
  item: string,
  priceVersion: string,
  expiresAtMs: number,
];
type HeadRow = [accountId: string, sequence: number, available: string, held: string];
type BookRow = [nowMs: number, found: FoundRow[] | null, heads: HeadRow[] | null];

/** Reads the part of the ledger that `commands` are about, as it is committed now. */
export function readStatement(commands: readonly LedgerCommand[]): Statement {
  const ids = new Set<string>();
  const accounts = new Set<string>();
  for (const command of commands) {
    if (command.type === 'GrantCredits') ids.add(transactionId.grant(command.grantId));
    else ids.add(transactionId.hold(command.holdId)).add(transactionId.settlement(command.holdId));
    if ('accountId' in command) accounts.add(command.accountId);
  }
  const values = [JSON.stringify([...ids]), JSON.stringify([...accounts])];
  return { name: 'billing-read-book', text, values };
}

/** The book in the answer to `readStatement`. */
export function bookFrom(rows: Rows): Book {
  const row = rows[0] as BookRow | undefined;
  if (!row) throw new Error('the book could not be read');
  const [nowMs, found, heads] = row;
  const draft = emptyDraft(nowMs);
  for (const one of found ?? []) addFound(draft, one);
  for (const [accountId, sequence, available, held] of heads ?? []) {
    const balance = { availableMicros: BigInt(available), heldMicros: BigInt(held) };
    draft.heads.set(accountId, { sequence, ...balance });
  }
  return draft;
}

function addFound(draft: Draft, row: FoundRow): void {
  const [kind, id, accountId, available, held, revenue, item, priceVersion, expiresAtMs] = row;
  // What comes after the prefix of `transactionId`.
  const subject = id.slice(id.indexOf(':') + 1);
  switch (kind) {
    case 'grant':
      draft.grants.set(subject, { grantId: subject, accountId, amountMicros: BigInt(available) });
      return;
    case 'hold': {
      const terms = { item, priceMicros: BigInt(held), priceVersion, expiresAtMs };
      draft.holds.set(subject, { holdId: subject, accountId, ...terms });
      return;
    }
    default: {
      const amounts = { capturedMicros: BigInt(revenue), refundedMicros: BigInt(available) };
      draft.resolutions.set(subject, { kind, ...amounts });
    }
  }
}
