import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people decide about pictures and accounts. Cases and standings are streams of the event store;
 * these tables follow them, in the same database transaction, or hold what events must not.
 *
 * `sightings` and `picture_hashes` say which pictures went in and came out of which job, and what they
 * look like: a takedown finds copies by them. `takedown_claims` are the files that a case is about.
 * `quarantine_cases` has the key of each case's evidence, wrapped; whoever deletes it has shredded the
 * evidence. `standing_due` is written by a trigger in the transaction of the decision itself: no strike
 * is forgotten, and none needs the code that decides.
 *
 * Upgrade: new tables and columns. Outputs from before have no sightings: a takedown finds those by
 * the very same bytes alone.
 */
export class People1764400000003 implements MigrationInterface {
  readonly name = 'People1764400000003';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('What people decided is not taken down by a migration.');
  }
}

const sightings = [
  `create table moderation.sightings (
    digest text collate "C" not null check (digest ~ '^[0-9a-f]{64}$'),
    job_id text collate "C" not null,
    side text not null check (side in ('input', 'output')),
    account_id text collate "C" not null,
    output_id text collate "C",
    object_key text collate "C",
    media_type text not null,
    seen_at timestamptz not null default now(),
    constraint sightings_output check (
      num_nulls(output_id, object_key) = case side when 'output' then 0 else 2 end)
  )`,
  // Two outputs of a job may have the same bytes.
  `create unique index sightings_once
    on moderation.sightings (digest, job_id, side, coalesce(object_key, ''))`,
  `create index sightings_of_job on moderation.sightings (job_id, side)`,
  `create table moderation.picture_hashes (
    digest text collate "C" not null check (digest ~ '^[0-9a-f]{64}$'),
    number int not null check (number >= 0),
    quality int not null check (quality between 0 and 100),
    pdq bit(256) not null,
    turned bytea not null check (length(turned) = 256),
    primary key (digest, number)
  )`,
  `grant select, insert on moderation.sightings, moderation.picture_hashes to safelight_moderation`,
];

const takedowns = [
  `alter table moderation.reports
    add image_hashes text[] not null default '{}',
    add signed boolean not null default false,
    add decided_at timestamptz,
    add look_at timestamptz,
    drop constraint reports_state_check,
    add constraint reports_state_check check (
      state in ('open', 'disabled', 'taken_down', 'dismissed'))`,
  `create index reports_to_look_at on moderation.reports (look_at) where look_at is not null`,
  `grant update (state, decided_at, look_at) on moderation.reports to safelight_moderation`,
  `create table moderation.takedown_claims (
    report_id text collate "C" not null references moderation.reports,
    object_key text collate "C" not null,
    live boolean not null default true,
    primary key (report_id, object_key)
  )`,
  `create index takedown_claims_live on moderation.takedown_claims (object_key) where live`,
  `create table moderation.takedown_hashes (
    kind text not null check (kind in ('pdq', 'sha256')),
    hash text collate "C" not null check (hash ~ '^[0-9a-f]{64}$'),
    report_id text collate "C" not null references moderation.reports,
    primary key (kind, hash, report_id)
  )`,
  `grant select, insert on moderation.takedown_claims, moderation.takedown_hashes
    to safelight_moderation`,
  `grant update (live) on moderation.takedown_claims to safelight_moderation`,
];

const quarantine = [
  `create table moderation.quarantine_cases (
    case_id text collate "C" primary key,
    wrapped_key bytea,
    nonce bytea,
    master_version int not null,
    opened_at timestamptz not null default now(),
    hold_until timestamptz not null default now() + interval '1 year',
    shredded_at timestamptz,
    constraint quarantine_shredded check (
      num_nulls(wrapped_key, nonce) = case when shredded_at is null then 0 else 2 end)
  )`,
  `create index quarantine_over on moderation.quarantine_cases (hold_until)
    where shredded_at is null`,
  `create table moderation.quarantine_items (
    item_id text collate "C" primary key,
    case_id text collate "C" not null references moderation.quarantine_cases,
    object_key text collate "C" not null,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    media_type text not null,
    nonce bytea not null,
    sealed_at timestamptz not null default now(),
    returned_at timestamptz
  )`,
  `create unique index quarantine_items_held on moderation.quarantine_items (object_key)
    where returned_at is null`,
  `create index quarantine_items_of_case on moderation.quarantine_items (case_id)`,
  `grant select, insert on moderation.quarantine_cases, moderation.quarantine_items
    to safelight_moderation`,
  `grant update (wrapped_key, nonce, shredded_at) on moderation.quarantine_cases
    to safelight_moderation`,
  `grant update (returned_at) on moderation.quarantine_items to safelight_moderation`,
];

const standings = [
  `create table moderation.standing_due (
    decision_id text collate "C" primary key,
    account_id text collate "C" not null,
    receipt text not null
  )`,
  `create function moderation.note_block() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into moderation.standing_due values (new.decision_id, new.account_id, new.receipt);
    return null;
  end $$`,
  `create trigger standing after insert on moderation.decisions
    for each row when (new.verdict = 'block') execute function moderation.note_block()`,
  `grant select, delete on moderation.standing_due to safelight_moderation`,
  `create table moderation.standings (
    account_id text collate "C" primary key,
    suspended boolean not null,
    version int not null,
    due boolean not null
  )`,
  `create index standings_due on moderation.standings (account_id) where due`,
  `grant select, insert, update on moderation.standings to safelight_moderation`,
];

const reviews = [
  `alter table moderation.appeals add decided_at timestamptz, add due boolean not null default false`,
  `create index appeals_due on moderation.appeals (appeal_id) where due`,
  `grant update (state, decided_at, due) on moderation.appeals to safelight_moderation`,
];

const statements = [...sightings, ...takedowns, ...quarantine, ...standings, ...reviews];
