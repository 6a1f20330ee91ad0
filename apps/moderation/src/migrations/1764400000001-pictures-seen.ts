import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was seen in the pictures that a job begins with, for the look at its outputs: levels and scores,
 * never the pictures. Rows are deleted when no job can need them any more.
 *
 * Upgrade: a new table; a job that was screened before has no row, and its outputs are judged without.
 */
export class PicturesSeen1764400000001 implements MigrationInterface {
  readonly name = 'PicturesSeen1764400000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table moderation.pictures_seen (
      job_id text collate "C" primary key,
      seen jsonb not null,
      recorded_at timestamptz not null default clock_timestamp()
    )`);
    await runner.query(
      'grant select, insert, delete on moderation.pictures_seen to safelight_moderation',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table moderation.pictures_seen');
  }
}
