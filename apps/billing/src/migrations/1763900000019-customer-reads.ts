import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A second net under the account id of the credential (decision 19): to the reader role the ledger
 * shows the transactions of the account that the database transaction is for. The service itself
 * books for all accounts; its policy is constant, so the planner drops it. The views of auditors run
 * with the owner's rights, and the reader is given none of them.
 *
 * Upgrade: policies and a grant alone. The role is made by `provision`, which runs before.
 */
export class CustomerReads1763900000019 implements MigrationInterface {
  readonly name = 'CustomerReads1763900000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table billing.transactions enable row level security;
      create policy service on billing.transactions to safelight_billing
        using (true) with check (true);
      create policy own on billing.transactions for select to safelight_billing_reader
        using (account_id = current_setting('safelight.account', true));
      grant select on billing.transactions to safelight_billing_reader`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke select on billing.transactions from safelight_billing_reader;
      drop policy own on billing.transactions;
      drop policy service on billing.transactions;
      alter table billing.transactions disable row level security`);
  }
}
