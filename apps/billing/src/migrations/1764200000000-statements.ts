import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a statement asks of a whole account, its top-ups, found without reading all its jobs.
 *
 * Upgrade: one index over rows that few accounts have many of; built in a moment.
 */
export class Statements1764200000000 implements MigrationInterface {
  readonly name = 'Statements1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index transactions_bought on billing.transactions (account_id, sequence)
        where kind = 'topup'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index billing.transactions_bought');
  }
}
