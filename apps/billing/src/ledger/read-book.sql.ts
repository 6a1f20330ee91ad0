import type pg from 'pg';
import type { Book, Head } from './book.js';
import type { LedgerCommand } from './ledger.js';
import type { Grant, Hold, Resolution } from './transaction.js';

/**
 * All that a batch needs to know, in one statement and so from one snapshot: the holds asked for,
 * how they were resolved, the grants, and the newest entry of every customer ledger account that
 * may be touched. Named, so that each connection plans it once; `limit 1` in each look-up keeps that
 * plan on the indexes even when it was made while the tables were empty.
 */
const text = `
with asked_holds as materialized (
  select h.*, r.kind, r.captured_micros, r.refunded_micros
  from unnest($1::text[]) asked (id)
  cross join lateral (select * from billing.holds h where h.hold_id = asked.id limit 1) h
  left join lateral (
    select * from billing.resolutions r where r.hold_id = asked.id limit 1) r on true
), asked_accounts as materialized (
  select unnest($2::text[]) as account_id union select account_id from asked_holds
)
select
  floor(extract(epoch from clock_timestamp()) * 1000)::text as now_ms,
  (select json_agg(json_build_array(hold_id, account_id, item, price_micros::text, price_version,
     floor(extract(epoch from expires_at) * 1000)))
   from asked_holds) as holds,
  (select json_agg(json_build_array(hold_id, kind, captured_micros::text, refunded_micros::text))
   from asked_holds where kind is not null) as resolutions,
  (select json_agg(json_build_array(asked.id, t.account_id, e.amount_micros::text))
   from unnest($3::text[]) asked (id)
   cross join lateral (
     select account_id from billing.transactions t where t.id = 'grant:' || asked.id limit 1) t
   cross join lateral (
     select amount_micros from billing.entries e
     where e.transaction_id = 'grant:' || asked.id and e.line = 1 limit 1) e) as grants,
  (select json_agg(json_build_array(name, head.sequence, head.balance_after_micros::text))
   from asked_accounts
   cross join lateral (values ('available:' || account_id), ('held:' || account_id)) names (name)
   cross join lateral (
     select e.sequence, e.balance_after_micros from billing.entries e
     where e.ledger_account = name and e.sequence is not null
     order by e.sequence desc limit 1) head) as heads`;

interface BookRow {
  now_ms: string;
  holds: [string, string, string, string, string, number][] | null;
  resolutions: [string, Resolution['kind'], string, string][] | null;
  grants: [string, string, string][] | null;
  heads: [string, number, string][] | null;
}

/** Reads the part of the ledger that `commands` are about, as it is committed now. */
export async function readBook(
  connection: pg.Pool | pg.PoolClient,
  commands: readonly LedgerCommand[],
): Promise<Book> {
  const values = idsOf(commands);
  const { rows } = await connection.query<BookRow>({ name: 'billing-read-book', text, values });
  const row = rows[0];
  if (!row) throw new Error('the book could not be read');
  return {
    nowMs: Number(row.now_ms),
    heads: new Map(row.heads?.map(headFrom)),
    holds: new Map(row.holds?.map(holdFrom)),
    grants: new Map(row.grants?.map(grantFrom)),
    resolutions: new Map(row.resolutions?.map(resolutionFrom)),
  };
}

function idsOf(commands: readonly LedgerCommand[]): [string[], string[], string[]] {
  const holds = new Set<string>();
  const accounts = new Set<string>();
  const grants = new Set<string>();
  for (const command of commands) {
    if ('holdId' in command) holds.add(command.holdId);
    if ('accountId' in command) accounts.add(command.accountId);
    if (command.type === 'GrantCredits') grants.add(command.grantId);
  }
  return [[...holds], [...accounts], [...grants]];
}

const headFrom = ([name, sequence, balance]: [string, number, string]): [string, Head] => [
  name,
  { sequence, balanceMicros: BigInt(balance) },
];

function holdFrom(row: [string, string, string, string, string, number]): [string, Hold] {
  const [holdId, accountId, item, price, priceVersion, expiresAtMs] = row;
  return [
    holdId,
    { holdId, accountId, item, priceMicros: BigInt(price), priceVersion, expiresAtMs },
  ];
}

const grantFrom = ([grantId, accountId, amount]: [string, string, string]): [string, Grant] => [
  grantId,
  { grantId, accountId, amountMicros: BigInt(amount) },
];

const resolutionFrom = ([holdId, kind, captured, refunded]: [
  string,
  Resolution['kind'],
  string,
  string,
]): [string, Resolution] => [
  holdId,
  { kind, capturedMicros: BigInt(captured), refundedMicros: BigInt(refunded) },
];
