import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Known-hash banks: what was imported and retired, as events in one sequence (`version` has no gaps,
 * so that of two writers at once one fails), and the hashes, 32,768 to a row. Both are only ever
 * added. Every event is told on a channel once it is committed.
 *
 * Upgrade: new tables only; nothing to convert.
 */
export class HashBanks1764300000006 implements MigrationInterface {
  readonly name = 'HashBanks1764300000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table moderation.hash_bank_events, moderation.hash_bank_hashes;
      drop function moderation.tell_hash_banks`);
  }
}

const statements = [
  `create table moderation.hash_bank_events (
    version int primary key check (version > 0),
    bank_id text collate "C" not null,
    type text not null check (type in ('HashBankImported', 'HashBankRetired')),
    data jsonb not null,
    recorded_at timestamptz not null default clock_timestamp()
  )`,
  `create table moderation.hash_bank_hashes (
    bank_id text collate "C" not null,
    number int not null check (number >= 0),
    hashes bytea not null check (length(hashes) % 32 = 0 and length(hashes) > 0),
    primary key (bank_id, number)
  )`,
  // They are as good as random: the attempt to make them smaller costs time for nothing.
  `alter table moderation.hash_bank_hashes alter column hashes set storage external`,
  `create function moderation.tell_hash_banks() returns trigger language plpgsql as $$
  begin
    perform pg_notify('moderation_news', 'hash bank ' || new.version);
    return null;
  end $$`,
  `create trigger told after insert on moderation.hash_bank_events
    for each row execute function moderation.tell_hash_banks()`,
  ...['hash_bank_events', 'hash_bank_hashes'].map(
    (
      table,
    ) => `create trigger append_only before update or delete or truncate on moderation.${table}
      for each statement execute function moderation.refuse_change()`,
  ),
  `grant select, insert on moderation.hash_bank_events, moderation.hash_bank_hashes
    to safelight_moderation`,
];
