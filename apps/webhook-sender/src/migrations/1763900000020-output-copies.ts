import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Buckets of customers that the outputs of single jobs are copied to, and what became of each copy.
 *
 * `stores` has one row for each such job: `due_at` is when somebody looks at it next, NULL once there
 * is nothing left to do. It is set at the start, an hour ahead: the event that tells of a job's end
 * only brings it forward, so a copy is late, not lost, when that event is. `copies` has a row for each
 * output that was tried.
 *
 * Upgrade: new tables; nothing to convert.
 */
export class OutputCopies1763900000020 implements MigrationInterface {
  readonly name = 'OutputCopies1763900000020';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table webhooks.copies, webhooks.stores');
  }
}

const statements = [
  `create table webhooks.stores (
    job_id text collate "C" primary key,
    account_id text collate "C" not null,
    region text not null,
    bucket text not null,
    path text not null,
    directly boolean not null,
    -- The job has ended; until then it is looked at now and then only.
    job_ended boolean not null default false,
    due_at timestamptz,
    claimed_by uuid,
    claimed_until timestamptz,
    created_at timestamptz not null
  )`,
  `create index stores_due on webhooks.stores (due_at) where due_at is not null`,
  `create index stores_age on webhooks.stores (created_at)`,
  `create table webhooks.copies (
    job_id text collate "C" not null references webhooks.stores (job_id) on delete cascade,
    output_id text collate "C" not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    attempts int not null,
    error_code text,
    error_message text,
    next_at timestamptz,
    delivered_at timestamptz,
    primary key (job_id, output_id),
    check ((state = 'delivered') = (delivered_at is not null)),
    check ((state = 'pending') = (next_at is not null)),
    check ((state = 'delivered') = (error_code is null)),
    check ((error_code is null) = (error_message is null))
  )`,
  `grant select, insert, update, delete on webhooks.stores, webhooks.copies to safelight_webhooks`,
];
