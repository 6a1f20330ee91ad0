import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is remembered of outputs that passed, so that a copy without its marks is still known: the id in the
 * watermark and a perceptual hash (PDQ), nothing that shows the picture. Rows are only ever added; they stay
 * when a job is deleted.
 *
 * `bands` are the sixteen parts of the hash, each as its number and its 16 bits: two hashes with at most 31
 * bits that differ have a part that differs in at most one bit, by which the index finds it.
 *
 * Upgrade: a new table only; outputs of before have no watermark.
 */
export class MadeOutputs1764400000004 implements MigrationInterface {
  readonly name = 'MadeOutputs1764400000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table moderation.made_outputs');
  }
}

const statements = [
  `create table moderation.made_outputs (
    output_id text collate "C" primary key,
    job_id text collate "C" not null,
    digest text collate "C" not null check (digest ~ '^[0-9a-f]{64}$'),
    watermark text collate "C" not null check (watermark ~ '^[0-9a-f]{16}$'),
    from_picture boolean not null,
    pdq bit(256),
    bands int[] check ((pdq is null) = (bands is null)),
    made_at timestamptz not null default clock_timestamp()
  )`,
  `create index made_outputs_by_watermark on moderation.made_outputs (watermark)`,
  `create index made_outputs_by_band on moderation.made_outputs using gin (bands)`,
  `create trigger append_only before update or delete or truncate on moderation.made_outputs
    for each statement execute function moderation.refuse_change()`,
  `grant select, insert on moderation.made_outputs to safelight_moderation`,
];
