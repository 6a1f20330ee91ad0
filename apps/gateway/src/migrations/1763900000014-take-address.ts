import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `gateway.take_address`: takes one request from the budget of somebody who has no key. The same
 * GCRA as in `gateway.take`, with one bucket.
 *
 * Upgrade: a function only.
 */
export class TakeAddress1763900000014 implements MigrationInterface {
  name = 'TakeAddress1763900000014';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(takeFunction);
    await runner.query(
      `REVOKE EXECUTE ON FUNCTION gateway.take_address FROM public;
       GRANT EXECUTE ON FUNCTION gateway.take_address TO safelight_gateway`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION gateway.take_address');
  }
}

const takeFunction = `
  CREATE FUNCTION gateway.take_address(
    p_bucket text, p_per_minute int,
    OUT fits boolean, OUT remaining int, OUT reset_seconds int, OUT retry_seconds int
  ) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE
    minute CONSTANT interval := interval '1 minute';
    cost CONSTANT interval := minute / p_per_minute;
    bucket_name CONSTANT text := 'address ' || p_bucket;
    at timestamptz;
    next_tat timestamptz;
  BEGIN
    next_tat := gateway.lock_bucket(bucket_name);
    -- Only now: waiting for the lock took time.
    at := clock_timestamp();
    next_tat := greatest(next_tat, at) + cost;
    fits := next_tat - minute <= at;
    IF fits THEN
      UPDATE gateway.rate_limits r SET tat = next_tat WHERE r.bucket = bucket_name;
    ELSE
      retry_seconds := greatest(ceil(extract(epoch FROM next_tat - minute - at)), 1);
      next_tat := next_tat - cost;
    END IF;
    remaining := greatest(
      floor(extract(epoch FROM minute - (next_tat - at)) / extract(epoch FROM cost)), 0);
    reset_seconds := ceil(extract(epoch FROM next_tat - at));
  END $$`;
