import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A second net under the account id of the credential (decision 19): the reader role may only SELECT,
 * and sees decisions, appeals and consents of the account that the database transaction is for, with
 * the sealed words of these cases and their keys. Reports are nobody's: it sees none. The service
 * itself decides for all accounts; its policies are constant, so the planner drops them.
 *
 * Upgrade: policies and grants alone. The role is made by `provision`, which runs before.
 */
export class CustomerReads1763900000019 implements MigrationInterface {
  readonly name = 'CustomerReads1763900000019';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(`
        alter table moderation.${table} enable row level security;
        create policy service on moderation.${table} to safelight_moderation
          using (true) with check (true);
        create policy own on moderation.${table} for select to safelight_moderation_reader
          using (account_id = current_setting('safelight.account', true));
        grant select on moderation.${table} to safelight_moderation_reader`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) {
      await runner.query(`
        revoke select on moderation.${table} from safelight_moderation_reader;
        drop policy own on moderation.${table};
        drop policy service on moderation.${table};
        alter table moderation.${table} disable row level security`);
    }
  }
}

const tables = ['decisions', 'appeals', 'consents', 'case_words', 'case_keys'] as const;
