import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What admission needs: plans with their limits, the state of the limits, idempotency keys with the
 * answers that they were given, and the jobs that an account has open. `gateway.admit` (in a
 * migration of its own) is the only statement that writes the limits.
 *
 * `rate_limits` and `open_jobs` are unlogged: a crash of the database forgets them, which only ever
 * lets a client go on a minute early or have a few more jobs open until those it has are done; that
 * is not worth a flush of the log for each request.
 *
 * Upgrade: accounts get the plan `standard`.
 */
export class Admission1763800000000 implements MigrationInterface {
  name = 'Admission1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(tables);
    await runner.query(grants);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE gateway.open_jobs, gateway.idempotency_keys, gateway.rate_limits;
      ALTER TABLE gateway.accounts DROP COLUMN plan;
      ALTER TABLE gateway.api_keys DROP COLUMN kind, DROP COLUMN name, DROP COLUMN hint,
        DROP COLUMN last_used_at, DROP COLUMN spends_as;
      DROP TABLE gateway.plans;`);
  }
}

const tables = `
  CREATE TABLE gateway.plans (
    name text PRIMARY KEY,
    key_per_minute int NOT NULL CHECK (key_per_minute > 0),
    account_per_minute int NOT NULL CHECK (account_per_minute > 0),
    -- NULL: as many as the account can pay for.
    open_jobs_max int CHECK (open_jobs_max > 0),
    -- Of the open ones, those that run at the same moment; the others wait. NULL: as there are workers.
    running_jobs_max int CHECK (running_jobs_max > 0),
    -- Of GPU time, against the other accounts' weights.
    weight real NOT NULL DEFAULT 1 CHECK (weight > 0 AND weight <= 1000)
  );
  INSERT INTO gateway.plans VALUES
    ('standard', 60, 300, 100),
    ('unmetered', 1000000, 1000000, NULL);

  ALTER TABLE gateway.accounts
    ADD COLUMN plan text NOT NULL DEFAULT 'standard' REFERENCES gateway.plans (name);

  ALTER TABLE gateway.api_keys
    ADD COLUMN kind text NOT NULL DEFAULT 'live' CHECK (kind IN ('live', 'test')),
    ADD COLUMN name text NOT NULL DEFAULT '',
    ADD COLUMN hint text NOT NULL DEFAULT '',
    ADD COLUMN last_used_at timestamptz,
    -- The first of the keys that replaced each other: they share its budget. NULL: itself.
    ADD COLUMN spends_as text;

  CREATE UNLOGGED TABLE gateway.rate_limits (
    bucket text COLLATE "C" PRIMARY KEY,
    -- Theoretical arrival time: the instant until which the budget is spoken for.
    tat timestamptz NOT NULL
  ) WITH (fillfactor = 50);

  CREATE TABLE gateway.idempotency_keys (
    account_id text NOT NULL,
    key text COLLATE "C" NOT NULL,
    route text NOT NULL,
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32),
    -- Minted with the key, for requests that make a job: whoever takes one over makes the same job.
    job_id text,
    -- Until then somebody is at it; NULL once there is an answer.
    busy_until timestamptz,
    status int,
    headers json,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key, route),
    CHECK ((busy_until IS NULL) = (status IS NOT NULL))
  );
  CREATE INDEX idempotency_keys_age ON gateway.idempotency_keys (created_at);

  CREATE UNLOGGED TABLE gateway.open_jobs (
    job_id text PRIMARY KEY,
    account_id text NOT NULL,
    -- A job that nobody reported ended counts no longer than this.
    counts_until timestamptz NOT NULL
  );
  CREATE INDEX open_jobs_account ON gateway.open_jobs (account_id, counts_until);
`;

const grants = `
  GRANT SELECT ON gateway.plans TO safelight_gateway;
  GRANT SELECT, UPDATE ON gateway.idempotency_keys TO safelight_gateway;
  GRANT SELECT, DELETE ON gateway.open_jobs TO safelight_gateway;

  -- A second net under the account id of the credential: whoever forgets a WHERE finds nothing.
  ALTER TABLE gateway.api_keys ENABLE ROW LEVEL SECURITY;
  ALTER TABLE gateway.idempotency_keys ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own_rows ON gateway.api_keys TO safelight_gateway
    USING (account_id = current_setting('safelight.account', true));
  CREATE POLICY own_rows ON gateway.idempotency_keys TO safelight_gateway
    USING (account_id = current_setting('safelight.account', true));
`;
