import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an endpoint's events look like: ours, or as the clients of a dialect of the API know them.
 *
 * Upgrade: endpoints that are there keep the form that they had.
 */
export class WebhookForm1763900000007 implements MigrationInterface {
  readonly name = 'WebhookForm1763900000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table webhooks.endpoints add column form text not null default 'native'
         check (form in ('native', 'images', 'novita'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhooks.endpoints drop column form');
  }
}
