import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts and their keys. A key is found by the SHA-256 of what the client sent, hence the unique
 * index on the digest: one look-up answers who calls, for whom, and with which scopes.
 */
export class AccountsAndKeys1763700000000 implements MigrationInterface {
  name = 'AccountsAndKeys1763700000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gateway.accounts (
        id text PRIMARY KEY,
        name text NOT NULL,
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
        -- Of moderation's word on it: an older one that comes later changes nothing.
        standing_version int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE gateway.api_keys (
        id text PRIMARY KEY,
        account_id text NOT NULL REFERENCES gateway.accounts (id),
        digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
        scopes text[] NOT NULL,
        expires_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX api_keys_account ON gateway.api_keys (account_id);
      GRANT SELECT, INSERT, UPDATE ON gateway.accounts, gateway.api_keys TO safelight_gateway;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gateway.api_keys; DROP TABLE gateway.accounts;');
  }
}
