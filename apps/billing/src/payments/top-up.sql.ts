import type { PackageName } from '@safelight/contracts';
import type pg from 'pg';
import type { HeardFact, PaymentFact, SavedMethod } from './fact.js';

/** A pool, or the connection of a database transaction. */
export type Queries = Pick<pg.Pool | pg.PoolClient, 'query'>;

export interface TopUp {
  readonly id: string;
  readonly accountId: string;
  readonly package: PackageName;
  readonly creditsMicros: bigint;
  readonly amountCents: number;
  readonly origin: 'checkout' | 'automatic';
  readonly provider: string;
  readonly saveMethod: boolean;
  readonly method: SavedMethod | null;
  readonly createdAt: Date;
}
export type NewTopUp = Omit<TopUp, 'createdAt'>;

export interface RecordedFact {
  readonly fact: PaymentFact;
  readonly recordedAt: Date;
}

const columns = `id, account_id as "accountId", package, credits_micros as "creditsMicros",
  amount_cents as "amountCents", origin, provider, save_method as "saveMethod", method,
  created_at as "createdAt"`;

/** Stores the order unless one of that id is there; the sweep looks at it when its time is over. */
export async function insertTopUp(db: Queries, topUp: NewTopUp): Promise<void> {
  const { id, accountId, package: name, creditsMicros, amountCents } = topUp;
  const { origin, provider, saveMethod, method } = topUp;
  await db.query(
    `insert into billing.top_ups (id, account_id, package, credits_micros, amount_cents, origin,
       provider, save_method, method) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do nothing`,
    [id, accountId, name, creditsMicros, amountCents, origin, provider, saveMethod, method],
  );
}

export async function readTopUps(db: Queries, ids: readonly string[]): Promise<TopUp[]> {
  const { rows } = await db.query<TopUp>(
    `select ${columns} from billing.top_ups where id = any($1)`,
    [ids],
  );
  return rows;
}

/** Those of an account below an id, the newest first; all of them without a limit. */
export async function readTopUpsOf(
  db: Queries,
  accountId: string,
  before: string | null,
  limit: number | null,
): Promise<TopUp[]> {
  const { rows } = await db.query<TopUp>(
    `select ${columns} from billing.top_ups
     where account_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    [accountId, before, limit],
  );
  return rows;
}

/**
 * Everything that was heard of each top-up: what names it, and what names a payment that another
 * fact has joined to it.
 */
export async function readFacts(
  db: Queries,
  topUpIds: readonly string[],
): Promise<ReadonlyMap<string, readonly RecordedFact[]>> {
  const { rows } = await db.query<RecordedFact & { topUpId: string }>(
    `with payment as (
       select distinct top_up_id, payment_ref from billing.payment_facts
       where top_up_id = any($1) and payment_ref is not null)
     select top_up_id as "topUpId", fact, recorded_at as "recordedAt"
       from billing.payment_facts where top_up_id = any($1)
     union all
     select p.top_up_id, f.fact, f.recorded_at from payment p
       join billing.payment_facts f on f.payment_ref = p.payment_ref and f.top_up_id is null`,
    [topUpIds],
  );
  const facts = new Map<string, RecordedFact[]>();
  for (const { topUpId, fact, recordedAt } of rows) {
    facts.set(topUpId, [...(facts.get(topUpId) ?? []), { fact, recordedAt }]);
  }
  return facts;
}

/**
 * Stores a fact and, with it, that somebody must act on it.
 * @returns whether it is news.
 */
export async function insertFact(db: Queries, heard: HeardFact): Promise<boolean> {
  const { id, topUpId, paymentRef, fact } = heard;
  const { rowCount } = await db.query(
    `with added as (
       insert into billing.payment_facts (id, top_up_id, payment_ref, kind, fact)
       values ($1, $2, $3, $4, $5) on conflict (id) do nothing returning 1)
     insert into billing.payment_work (subject, due_at)
       select $6, clock_timestamp() from added
       on conflict (subject) do update set wanted = excluded.wanted, due_at = excluded.due_at`,
    [id, topUpId, paymentRef, fact.kind, JSON.stringify(fact), subjectOf(heard)],
  );
  return rowCount === 1;
}

/** What is to be looked at because of a fact. */
export const subjectOf = ({ topUpId, paymentRef, id }: HeardFact): string =>
  topUpId ?? `payment:${paymentRef ?? id}`;

/** The means of payment that an account saved last. */
export async function readSavedMethod(
  db: Queries,
  accountId: string,
): Promise<SavedMethod | undefined> {
  const { rows } = await db.query<{ method: SavedMethod }>(
    `select f.fact -> 'method' as method from billing.top_ups t
       join billing.payment_facts f on f.top_up_id = t.id
     where t.account_id = $1 and t.save_method and f.kind = 'paid'
       and json_typeof(f.fact -> 'method') = 'object'
     order by t.id desc limit 1`,
    [accountId],
  );
  return rows[0]?.method;
}
