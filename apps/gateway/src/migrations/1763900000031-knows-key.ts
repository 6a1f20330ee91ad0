import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `gateway.knows_key`: whether a key opens anything, before a large body is read. A function, because the
 * gateway sees the rows of one account only once it knows which; it tells nothing else of the key.
 *
 * Upgrade: a function only.
 */
export class KnowsKey1763900000031 implements MigrationInterface {
  name = 'KnowsKey1763900000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION gateway.knows_key(p_digest bytea) RETURNS boolean
      LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
        SELECT EXISTS (
          SELECT FROM gateway.api_keys k WHERE k.digest = p_digest AND k.revoked_at IS NULL
            AND (k.expires_at IS NULL OR k.expires_at > now()))
      $$;
      REVOKE EXECUTE ON FUNCTION gateway.knows_key FROM public;
      GRANT EXECUTE ON FUNCTION gateway.knows_key TO safelight_gateway`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION gateway.knows_key');
  }
}
