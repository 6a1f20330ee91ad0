import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operators say of pools of workers (`pools`: whose they are, and how they are scaled), what the
 * dispatcher has seen of them (`pool_pasts`), and what it has learned of runtimes and load times
 * (`learned`), so that a new leader need not begin anew. A pool without a row is everybody's.
 *
 * Upgrade: new tables only; nothing to convert.
 */
export class PoolsAndLearning1764000000005 implements MigrationInterface {
  readonly name = 'PoolsAndLearning1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dispatch.learned, dispatch.pool_pasts, dispatch.pools');
  }
}

const statements = [
  `create table dispatch.pools (
    name text collate "C" primary key check (name ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    account_id text collate "C",
    from_zero boolean not null default false,
    workers_min int not null default 0 check (workers_min >= 0),
    workers_max int check (workers_max >= workers_min),
    buffer int not null default 0 check (buffer >= 0),
    target_wait_seconds int not null default 60 check (target_wait_seconds > 0),
    idle_seconds int not null default 300 check (idle_seconds >= 0),
    constraint pools_shared check (name <> 'shared' or account_id is null)
  )`,
  `create table dispatch.pool_pasts (
    pool text collate "C" primary key,
    models text[] not null,
    cold_start_seconds real check (cold_start_seconds >= 0),
    last_seen_at timestamptz not null default clock_timestamp()
  )`,
  `create table dispatch.learned (
    key text collate "C" primary key,
    seen int not null check (seen > 0),
    mean float8 not null,
    variance float8 not null check (variance >= 0),
    learned_at timestamptz not null default clock_timestamp()
  )`,
  `grant select, insert, update, delete on dispatch.pools, dispatch.pool_pasts, dispatch.learned
    to safelight_dispatch`,
];
