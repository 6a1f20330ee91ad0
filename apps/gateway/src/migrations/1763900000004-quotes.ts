import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Quotes that can be redeemed: the price that was told, and a fingerprint of the request that it was
 * told for. No words of it are kept.
 *
 * Upgrade: a new table only.
 */
export class Quotes1763900000004 implements MigrationInterface {
  name = 'Quotes1763900000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gateway.quotes (
        id text COLLATE "C" PRIMARY KEY,
        account_id text COLLATE "C" NOT NULL,
        fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
        price_micros bigint NOT NULL CHECK (price_micros >= 0),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX quotes_account ON gateway.quotes (account_id, expires_at);
      GRANT SELECT, INSERT, DELETE ON gateway.quotes TO safelight_gateway;
      ALTER TABLE gateway.quotes ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON gateway.quotes TO safelight_gateway
        USING (account_id = current_setting('safelight.account', true));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gateway.quotes');
  }
}
