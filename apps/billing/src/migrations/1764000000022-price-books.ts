import type { MigrationInterface, QueryRunner } from 'typeorm';
import { firstPrices } from '../pricing/first-prices.js';
import { toStore } from '../pricing/price-book.js';

/**
 * Price books, each a document as it was published. Rows are only ever inserted, whoever asks, as in
 * the ledger: a version that was ever in force can be looked up for ever. The database itself
 * verifies that the columns are those of the document, that its bytes have their digest, and that a
 * new book leaves every process the time to hear of it (decision 0022). An installation begins with
 * the first book, so that there is always one in force.
 *
 * Upgrade: a new table only; version names that the ledger has from before stay as they are.
 */
export class PriceBooks1764000000022 implements MigrationInterface {
  readonly name = 'PriceBooks1764000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...table, ...soundness, ...refusals, ...grants]) {
      await runner.query(statement);
    }
    const { version, effectiveFrom, document, digest } = toStore(firstPrices);
    await runner.query(
      `insert into billing.price_books (version, effective_from, document, digest)
       values ($1, $2, $3, $4) on conflict do nothing`,
      [version, effectiveFrom, document, digest],
    );
  }

  async down(): Promise<void> {
    throw new Error('Prices that were charged are not taken down by a migration.');
  }
}

const table = [
  `create table billing.price_books (
    version text collate "C" primary key,
    position bigint generated always as identity unique,
    effective_from timestamptz not null,
    document text not null,
    digest text not null,
    published_at timestamptz not null default clock_timestamp(),
    published_by text not null default session_user,
    constraint price_books_digest check (digest = encode(sha256(convert_to(document, 'UTF8')), 'hex')),
    constraint price_books_version check (document::json ->> 'version' = version),
    constraint price_books_date
      check ((document::json ->> 'effective_from')::timestamptz = effective_from)
  )`,
  `create index price_books_in_force on billing.price_books (effective_from, position)`,
];

const soundness = [
  `create function billing.price_lead() returns interval language sql immutable
    return interval '1 minute'`,
  // Deferred, so that it is asked at the commit: a slow publisher cannot come too late.
  `create function billing.verify_price_lead() returns trigger language plpgsql as $$
  begin
    if new.effective_from < clock_timestamp() + billing.price_lead()
      and exists (select from billing.price_books b where b.position < new.position) then
      raise exception 'price book % would be in force in less than %', new.version,
        billing.price_lead() using errcode = 'check_violation', constraint = 'price_books_lead';
    end if;
    return null;
  end $$`,
  `create constraint trigger verify_price_lead after insert on billing.price_books
    deferrable initially deferred for each row execute function billing.verify_price_lead()`,
];

const refusals = [
  `create function billing.refuse_price_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on billing.%: published prices are only ever added to', tg_op, tg_table_name
      using errcode = 'insufficient_privilege';
  end $$`,
  `create trigger append_only before update or delete or truncate
    on billing.price_books for each statement execute function billing.refuse_price_change()`,
];

const grants = [`grant select, insert on billing.price_books to safelight_billing`];
