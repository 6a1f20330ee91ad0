import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A job can be made again of a failed one, and what an ended job was made of and became can be
 * deleted. The service may delete sealed content now; the keys of accounts stay the owner's.
 *
 * Upgrade: two empty columns. Jobs from before were never retried nor deleted.
 */
export class ErasureAndRetry1763900000001 implements MigrationInterface {
  readonly name = 'ErasureAndRetry1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table orchestrator.jobs
        add column retry_of text collate "C",
        add column deleted_at timestamptz,
        add constraint jobs_deleted_after_end check (deleted_at is null or ended_at is not null);
      grant delete on orchestrator.contents to safelight_orchestrator`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke delete on orchestrator.contents from safelight_orchestrator;
      alter table orchestrator.jobs drop column retry_of, drop column deleted_at`);
  }
}
