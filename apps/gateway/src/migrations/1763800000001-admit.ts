import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `gateway.admit`: who calls, whether they may now, and whether this was asked before, for all
 * requests that arrived together, in one round trip and on the database's clock.
 *
 * Requests are taken by account and key, in that order, so that gateways that admit at the same
 * moment queue for the same rows instead of waiting for each other in a circle. The row of a bucket
 * is locked before it is looked at, so the limits are exact however many gateways there are.
 *
 * Limits are GCRA, the virtual scheduling form of ITU-T I.371 annex A: a bucket of n a minute keeps
 * the theoretical arrival time (TAT) of the next request; one costs 60 s / n, and up to a minute may
 * be taken in advance. A request must fit both of its buckets and takes from both or from none.
 *
 * Upgrade: a function only.
 */
export class Admit1763800000001 implements MigrationInterface {
  name = 'Admit1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(lockFunction);
    await runner.query(takeFunction);
    await runner.query(claimFunction);
    await runner.query(admitFunction);
    await runner.query(forgetFunction);
    await runner.query(
      `REVOKE EXECUTE ON FUNCTION gateway.admit, gateway.claim, gateway.take, gateway.lock_bucket FROM public;
       REVOKE EXECUTE ON FUNCTION gateway.forget FROM public;
       GRANT EXECUTE ON FUNCTION gateway.admit, gateway.forget TO safelight_gateway`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP FUNCTION gateway.admit, gateway.forget, gateway.claim, gateway.take, gateway.lock_bucket',
    );
  }
}

/** Locks a bucket until the end of the database transaction; a new one is empty. */
const lockFunction = `
  CREATE FUNCTION gateway.lock_bucket(p_bucket text) RETURNS timestamptz LANGUAGE plpgsql AS $$
  DECLARE
    found_tat timestamptz;
  BEGIN
    LOOP
      SELECT r.tat INTO found_tat FROM gateway.rate_limits r WHERE r.bucket = p_bucket FOR UPDATE;
      IF FOUND THEN RETURN found_tat; END IF;
      INSERT INTO gateway.rate_limits VALUES (p_bucket, '-infinity') ON CONFLICT DO NOTHING;
    END LOOP;
  END $$`;

/** Takes one request from two buckets, if it fits both. */
const takeFunction = `
  CREATE FUNCTION gateway.take(
    key_bucket text, key_per_minute int, account_bucket text, account_per_minute int,
    OUT fits boolean, OUT "limit" int, OUT remaining int, OUT reset_seconds int, OUT retry_seconds int
  ) LANGUAGE plpgsql AS $$
  DECLARE
    minute CONSTANT interval := interval '1 minute';
    at timestamptz;
    account_tat timestamptz;
    key_tat timestamptz;
    account_cost interval := minute / account_per_minute;
    key_cost interval := minute / key_per_minute;
    wait interval;
  BEGIN
    -- The account first: every gateway locks in this order.
    account_tat := gateway.lock_bucket(account_bucket);
    key_tat := gateway.lock_bucket(key_bucket);
    -- Only now: waiting for the locks took time.
    at := clock_timestamp();
    account_tat := greatest(account_tat, at) + account_cost;
    key_tat := greatest(key_tat, at) + key_cost;
    wait := greatest(account_tat, key_tat) - minute - at;
    fits := wait <= interval '0';
    IF fits THEN
      UPDATE gateway.rate_limits SET tat = account_tat WHERE bucket = account_bucket;
      UPDATE gateway.rate_limits SET tat = key_tat WHERE bucket = key_bucket;
    ELSE
      account_tat := account_tat - account_cost;
      key_tat := key_tat - key_cost;
    END IF;
    -- The tighter limit is the one with less left of it.
    remaining := floor(extract(epoch FROM minute - (account_tat - at)) / extract(epoch FROM account_cost));
    "limit" := account_per_minute;
    reset_seconds := ceil(extract(epoch FROM account_tat - at));
    IF floor(extract(epoch FROM minute - (key_tat - at)) / extract(epoch FROM key_cost)) <= remaining THEN
      remaining := floor(extract(epoch FROM minute - (key_tat - at)) / extract(epoch FROM key_cost));
      "limit" := key_per_minute;
      reset_seconds := ceil(extract(epoch FROM key_tat - at));
    END IF;
    remaining := greatest(remaining, 0);
    retry_seconds := CASE WHEN NOT fits THEN greatest(ceil(extract(epoch FROM wait)), 1) END;
  END $$`;

/** Finds out what became of an idempotency key, and claims it if nothing did. */
const claimFunction = `
  CREATE FUNCTION gateway.claim(
    p_account text, p_key text, p_route text, p_fingerprint bytea, INOUT p_job text,
    OUT state text, OUT answer gateway.idempotency_keys
  ) LANGUAGE plpgsql AS $$
  DECLARE
    fresh boolean;
  BEGIN
    INSERT INTO gateway.idempotency_keys AS k (account_id, key, route, fingerprint, job_id, busy_until)
    VALUES (p_account, p_key, p_route, p_fingerprint, p_job, now() + interval '1 minute')
    ON CONFLICT (account_id, key, route) DO UPDATE
      SET fingerprint = excluded.fingerprint, job_id = excluded.job_id, status = NULL,
        headers = NULL, body = NULL, busy_until = excluded.busy_until, created_at = now()
      WHERE k.created_at < now() - interval '24 hours'
    RETURNING true INTO fresh;
    IF fresh THEN
      state := 'new';
      RETURN;
    END IF;
    SELECT * INTO answer FROM gateway.idempotency_keys k
    WHERE k.account_id = p_account AND k.key = p_key AND k.route = p_route FOR UPDATE;
    p_job := answer.job_id;
    IF answer.fingerprint <> p_fingerprint THEN
      state := 'mismatch';
    ELSIF answer.busy_until IS NULL THEN
      state := 'answered';
    ELSIF answer.busy_until > now() THEN
      state := 'in_progress';
    ELSE
      -- Whoever was at it is gone. The same job is asked for again, which has one effect.
      UPDATE gateway.idempotency_keys k SET busy_until = now() + interval '1 minute'
      WHERE k.account_id = p_account AND k.key = p_key AND k.route = p_route;
      state := 'new';
    END IF;
  END $$`;

const admitFunction = `
  CREATE FUNCTION gateway.admit(
    p_digests bytea[], p_scopes text[], p_budgets text[], p_keys text[], p_routes text[],
    p_fingerprints bytea[], p_jobs text[])
  RETURNS TABLE (
    request int, outcome text, account_id text, key_id text, scopes text[], kind text,
    "limit" int, remaining int, reset_seconds int, retry_seconds int,
    job_id text, status int, headers json, body bytea, plan text, spends_as text, open_jobs_max int, running_jobs_max int, weight real)
  -- As its owner: the gateway's own role sees no other account's rows (row-level security).
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  #variable_conflict use_variable
  DECLARE
    asked record;
    taken record;
    claimed record;
    factor int;
  BEGIN
    FOR asked IN
      SELECT r.*, k.id AS key, k.account_id AS account, k.scopes AS key_scopes, k.kind AS key_kind, coalesce(k.spends_as, k.id) AS key_spends_as,
        a.status AS standing, a.plan AS account_plan, p.key_per_minute, p.account_per_minute,
        p.open_jobs_max, p.running_jobs_max, p.weight,
        k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS unseen
      FROM unnest(p_digests, p_scopes, p_budgets, p_keys, p_routes, p_fingerprints, p_jobs)
        WITH ORDINALITY AS r (digest, scope, budget, idempotency_key, route, fingerprint, job, ordinal)
      LEFT JOIN LATERAL (
        SELECT * FROM gateway.api_keys k WHERE k.digest = r.digest AND k.revoked_at IS NULL
          AND (k.expires_at IS NULL OR k.expires_at > now())) k ON true
      LEFT JOIN gateway.accounts a ON a.id = k.account_id
      LEFT JOIN gateway.plans p ON p.name = a.plan
      ORDER BY k.account_id, k.id, r.ordinal
    LOOP
      request := asked.ordinal; account_id := asked.account;
      key_id := asked.key; scopes := asked.key_scopes;
      kind := asked.key_kind; plan := asked.account_plan; spends_as := asked.key_spends_as;
      open_jobs_max := asked.open_jobs_max; running_jobs_max := asked.running_jobs_max; weight := asked.weight;
      job_id := asked.job;
      "limit" := NULL; remaining := NULL; reset_seconds := NULL; retry_seconds := NULL;
      status := NULL; headers := NULL; body := NULL;
      outcome := CASE
        WHEN asked.key IS NULL THEN 'unauthorized'
        WHEN asked.standing <> 'active' THEN 'suspended'
        WHEN NOT asked.scope = ANY (asked.key_scopes) THEN 'scope' END;
      IF outcome IS NOT NULL THEN
        RETURN NEXT;
        CONTINUE;
      END IF;
      IF asked.unseen THEN
        UPDATE gateway.api_keys k SET last_used_at = now() WHERE k.id = asked.key;
      END IF;
      -- Reads of a job's state have a budget of their own, ten times as large.
      factor := CASE asked.budget WHEN 'watch' THEN 10 ELSE 1 END;
      SELECT * INTO taken FROM gateway.take(
        'key ' || asked.key || ' ' || asked.budget, asked.key_per_minute * factor,
        'account ' || asked.account || ' ' || asked.budget, asked.account_per_minute * factor);
      "limit" := taken."limit"; remaining := taken.remaining;
      reset_seconds := taken.reset_seconds; retry_seconds := taken.retry_seconds;
      IF NOT taken.fits THEN
        outcome := 'limited';
        RETURN NEXT;
        CONTINUE;
      END IF;
      outcome := 'admitted';
      IF asked.idempotency_key IS NOT NULL THEN
        SELECT * INTO claimed FROM gateway.claim(
          asked.account, asked.idempotency_key, asked.route, asked.fingerprint, asked.job);
        job_id := claimed.p_job;
        IF claimed.state <> 'new' THEN
          outcome := claimed.state;
          status := (claimed.answer).status;
          headers := (claimed.answer).headers;
          body := (claimed.answer).body;
          RETURN NEXT;
          CONTINUE;
        END IF;
      END IF;
      IF asked.job IS NOT NULL AND asked.open_jobs_max IS NOT NULL THEN
        -- The lock on the account's bucket makes counting and adding one step.
        IF (SELECT count(*) FROM gateway.open_jobs o
            WHERE o.account_id = asked.account AND o.counts_until > now() AND o.job_id <> job_id)
            >= asked.open_jobs_max THEN
          outcome := 'crowded'; -- The claim stays: if it was taken over, its job may be there.
          UPDATE gateway.idempotency_keys k SET busy_until = now() WHERE k.account_id = asked.account
            AND k.key = asked.idempotency_key AND k.route = asked.route;
          retry_seconds := 5;
        ELSE
          INSERT INTO gateway.open_jobs VALUES (job_id, asked.account, now() + interval '1 hour')
          ON CONFLICT DO NOTHING;
        END IF;
      END IF;
      RETURN NEXT;
    END LOOP;
  END $$`;

/** Deletes what admission does not look at any more, a limited number at a time. */
const forgetFunction = `
  CREATE FUNCTION gateway.forget(p_most int) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE
    gone int;
    total int := 0;
  BEGIN
    DELETE FROM gateway.idempotency_keys WHERE ctid = ANY (ARRAY(
      SELECT k.ctid FROM gateway.idempotency_keys k
      WHERE k.created_at < now() - interval '25 hours' LIMIT p_most));
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    DELETE FROM gateway.open_jobs WHERE ctid = ANY (ARRAY(
      SELECT o.ctid FROM gateway.open_jobs o WHERE o.counts_until < now() LIMIT p_most));
    GET DIAGNOSTICS gone = ROW_COUNT;
    total := total + gone;
    -- A bucket that is full again says nothing that a new one would not.
    DELETE FROM gateway.rate_limits WHERE ctid = ANY (ARRAY(
      SELECT r.ctid FROM gateway.rate_limits r
      WHERE r.tat < now() - interval '1 minute' LIMIT p_most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN total + gone;
  END $$`;
