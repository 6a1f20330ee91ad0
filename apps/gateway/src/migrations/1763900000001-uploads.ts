import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Images that customers sent once, to be used by many jobs. The picture itself lies sealed in the
 * object store; its row holds the key that opens it, so a row that is gone has erased its picture.
 *
 * Upgrade: a new table and a function only; nothing to convert.
 */
export class Uploads1763900000001 implements MigrationInterface {
  name = 'Uploads1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gateway.uploads (
        id text PRIMARY KEY,
        account_id text NOT NULL REFERENCES gateway.accounts (id),
        media_type text NOT NULL,
        width int NOT NULL,
        height int NOT NULL,
        bytes int NOT NULL,
        data_key text NOT NULL,
        -- SHA-256 of the picture as it was sent, and as it was drawn anew.
        digests text[] NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX uploads_account ON gateway.uploads (account_id);
      CREATE INDEX uploads_expiry ON gateway.uploads (expires_at);
      GRANT SELECT, INSERT, DELETE ON gateway.uploads TO safelight_gateway;
      ALTER TABLE gateway.uploads ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own_rows ON gateway.uploads TO safelight_gateway
        USING (account_id = current_setting('safelight.account', true));

      -- Deletes uploads whose time is over, whoever's they are, and names them.
      CREATE FUNCTION gateway.forget_uploads(p_most int)
      RETURNS TABLE (account_id text, id text)
      LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
        DELETE FROM gateway.uploads u WHERE u.id = ANY (ARRAY(
          SELECT o.id FROM gateway.uploads o
          WHERE o.expires_at <= now() ORDER BY o.expires_at LIMIT p_most FOR UPDATE SKIP LOCKED))
        RETURNING u.account_id, u.id
      $$;
      REVOKE ALL ON FUNCTION gateway.forget_uploads(int) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION gateway.forget_uploads(int) TO safelight_gateway;
    `);
    await runner.query(knownUploads);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP FUNCTION gateway.forget_uploads(int), gateway.known_uploads(text[]); DROP TABLE gateway.uploads;',
    );
  }
}

const knownUploads = `
  -- Which of these uploads there are, whoever's: files of others are nobody's any more.
  CREATE FUNCTION gateway.known_uploads(p_ids text[]) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT u.id FROM gateway.uploads u WHERE u.id = ANY (p_ids)
  $$;
  REVOKE ALL ON FUNCTION gateway.known_uploads(text[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION gateway.known_uploads(text[]) TO safelight_gateway;`;
