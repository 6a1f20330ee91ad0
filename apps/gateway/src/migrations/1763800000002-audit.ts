import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was done to an account's keys, by which key, and when. Only ever grows; the gateway may not
 * change a line of it.
 *
 * Upgrade: a new table only; keys made before it have no history.
 */
export class Audit1763800000002 implements MigrationInterface {
  name = 'Audit1763800000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gateway.audit (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT now(),
        account_id text NOT NULL,
        -- The key that did it; NULL for the operator.
        actor_key_id text,
        action text NOT NULL,
        subject_id text NOT NULL,
        details json NOT NULL DEFAULT '{}'
      );
      CREATE INDEX audit_subject ON gateway.audit (account_id, subject_id, position);
      GRANT SELECT, INSERT ON gateway.audit TO safelight_gateway;
      ALTER TABLE gateway.audit ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON gateway.audit TO safelight_gateway
        USING (account_id = current_setting('safelight.account', true));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gateway.audit');
  }
}
