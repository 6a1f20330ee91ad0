import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where events go, what they are signed with, and every try.
 *
 * `endpoints` numbers its events: `last_number` is taken with the row locked, so numbers have no
 * holes. `receivers` has one row for each place that is called (an account and an origin), however
 * many endpoints lead there: a sender claims a place, not a delivery, so a slow one costs nobody else
 * anything. Its `due_at` is when the first of its deliveries is due.
 *
 * Locks are taken in the order endpoints, deliveries, receivers.
 *
 * Upgrade: a new schema; nothing to convert.
 */
export class Webhooks1763900000002 implements MigrationInterface {
  readonly name = 'Webhooks1763900000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table webhooks.attempts, webhooks.deliveries, webhooks.receivers, webhooks.secrets,
         webhooks.endpoints, webhooks.inbox`,
    );
  }
}

const statements = [
  `create table webhooks.endpoints (
    id text collate "C" primary key,
    account_id text collate "C" not null,
    -- Of a webhook that was given with the request for one job.
    job_id text collate "C" unique,
    url text not null,
    receiver text collate "C" not null,
    events text[] not null,
    description text not null,
    last_number bigint not null default 0,
    disabled_at timestamptz,
    disabled_reason text check (disabled_reason in ('gone')),
    deleted_at timestamptz,
    created_at timestamptz not null,
    check ((disabled_at is null) = (disabled_reason is null))
  )`,
  // Whoever has a webhook for every job has very many of those: they are found by job, never listed.
  `create index endpoints_standing on webhooks.endpoints (account_id, id desc)
    where deleted_at is null and job_id is null`,
  `create table webhooks.secrets (
    id bigint generated always as identity primary key,
    -- An endpoint, or an account for the webhooks of its single jobs.
    owner text collate "C" not null,
    ciphertext bytea not null,
    nonce bytea not null,
    created_at timestamptz not null,
    -- NULL: the present one, of which there is one.
    expires_at timestamptz
  )`,
  `create unique index secrets_present on webhooks.secrets (owner) where expires_at is null`,
  `create index secrets_owner on webhooks.secrets (owner, id desc)`,
  `create table webhooks.receivers (
    receiver text collate "C" primary key,
    account_id text collate "C" not null,
    due_at timestamptz,
    claimed_by uuid,
    claimed_until timestamptz
  )`,
  `create index receivers_due on webhooks.receivers (due_at) where due_at is not null`,
  `create table webhooks.deliveries (
    id text collate "C" primary key,
    endpoint_id text collate "C" not null references webhooks.endpoints (id) on delete cascade,
    account_id text collate "C" not null,
    receiver text collate "C" not null,
    number bigint not null,
    event_id text collate "C" not null,
    type text not null,
    test boolean not null,
    job_id text collate "C",
    sequence int,
    -- The status of the job that the event tells of.
    status text,
    occurred_at timestamptz not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    due_at timestamptz,
    attempts int not null default 0,
    -- Tries since it was last asked for, and how often that was.
    tries int not null default 0,
    round int not null default 1,
    acknowledged_at timestamptz,
    created_at timestamptz not null,
    unique (endpoint_id, number),
    unique (endpoint_id, event_id),
    check ((due_at is null) = (state <> 'pending'))
  )`,
  `create index deliveries_due on webhooks.deliveries (receiver, due_at) where state = 'pending'`,
  `create index deliveries_listed on webhooks.deliveries (endpoint_id, id desc)`,
  `create index deliveries_age on webhooks.deliveries (created_at)`,
  `create table webhooks.attempts (
    delivery_id text collate "C" not null references webhooks.deliveries (id) on delete cascade,
    attempt int not null,
    at timestamptz not null,
    duration_ms int not null check (duration_ms >= 0),
    status int,
    error text,
    next_at timestamptz,
    primary key (delivery_id, attempt)
  )`,
  `create table webhooks.inbox (
    message_id text collate "C" primary key,
    handled_at timestamptz not null
  )`,
  `create index inbox_age on webhooks.inbox (handled_at)`,
  `grant select, insert, update, delete on webhooks.endpoints, webhooks.secrets,
    webhooks.receivers, webhooks.deliveries, webhooks.attempts, webhooks.inbox
    to safelight_webhooks`,
];
