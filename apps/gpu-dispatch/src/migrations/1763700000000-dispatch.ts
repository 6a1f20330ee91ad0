import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The dispatcher's read models and its fence. `open_assignments` is what the queue in memory is
 * rebuilt from, and has rows only of jobs that have not ended: their past is in their events;
 * `leadership` has one row per pool of workers, whose epoch rises at every take-over;
 * `require_epoch` lets a database transaction go on only while its epoch is the present one, and
 * holds the row so that no take-over can come between the check and the commit.
 *
 * `workers` tells operators who was heard of, and when last; `quarantines` holds the workers that get
 * no work, placed by the dispatcher (until a canary is passed) or by an operator (until released).
 *
 * Upgrade: new tables only; nothing to convert.
 */
export class Dispatch1763700000000 implements MigrationInterface {
  readonly name = 'Dispatch1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('The queue is not taken down by a migration.');
  }
}

const statements = [
  `create table dispatch.leadership (
    pool text primary key,
    epoch int not null check (epoch > 0),
    since timestamptz not null default clock_timestamp()
  )`,
  `create function dispatch.require_epoch(wanted_pool text, wanted_epoch int) returns void
    language plpgsql as $$
  begin
    perform from dispatch.leadership l
      where l.pool = wanted_pool and l.epoch = wanted_epoch for share;
    if not found then
      raise exception 'epoch % of pool % is over', wanted_epoch, wanted_pool
        using errcode = 'SL001';
    end if;
  end $$`,
  `create table dispatch.open_assignments (
    job_id text collate "C" primary key,
    place bigint not null generated always as identity,
    queued_at timestamptz not null default now(),
    account_id text collate "C" not null,
    attempt int not null check (attempt >= 0),
    worker_id text,
    incarnation text,
    due_at timestamptz,
    failed_on text[] not null default '{}',
    spec json not null,
    predicted_gpu_ms int not null check (predicted_gpu_ms > 0),
    attempts_max int not null check (attempts_max > 0),
    deadline_at timestamptz not null,
    cause uuid not null,
    traceparent text,
    constraint open_assignments_lease check (num_nulls(worker_id, incarnation) in (0, 2))
  )`,
  `create table dispatch.models (
    pool text not null,
    name text not null,
    place int generated always as identity,
    offer json not null,
    last_seen_at timestamptz not null default clock_timestamp(),
    primary key (pool, name)
  )`,
  `create table dispatch.workers (
    worker_id text collate "C" primary key,
    incarnation text not null,
    engine text not null,
    pool text not null,
    slots int not null check (slots >= 0),
    models text[] not null,
    last_seen_at timestamptz not null
  )`,
  `create table dispatch.quarantines (
    worker_id text collate "C" primary key,
    placed_by text not null check (placed_by in ('dispatcher', 'operator')),
    reason text not null,
    strikes int not null check (strikes >= 0),
    since timestamptz not null default clock_timestamp(),
    proves_at timestamptz,
    ended_at timestamptz,
    constraint quarantines_proof check (placed_by = 'operator' or proves_at is not null)
  )`,
  `grant select, insert, update, delete on dispatch.workers, dispatch.quarantines
    to safelight_dispatch`,
  `grant select, insert, update on dispatch.leadership, dispatch.models to safelight_dispatch`,
  `grant select, insert, update, delete on dispatch.open_assignments to safelight_dispatch`,
  `grant execute on function dispatch.require_epoch to safelight_dispatch`,
];
