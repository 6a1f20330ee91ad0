import { describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { dataSourceOver } from '@safelight/postgres';
import { Accounts } from '../accounts/accounts.js';
import { Problem } from '../http/problem.js';
import { accountWith, gatewayDatabase, keyOf } from '../test/gateway-database.js';
import { enter, fourGateways, knock, outcomeOf, tally, testSeal } from '../test/knocks.js';
import type { LimitState } from './admission.js';
import { Admission } from './admission.js';
import { Answers } from './answers.js';

const database = gatewayDatabase();
const at = fourGateways(database);

describe('who may come in', () => {
  it('is told by the key, whose revocation, expiry and scopes count at once', async () => {
    const { admin } = database;
    const { accountId, keyId, apiKey } = await accountWith(database);
    const { caller } = await enter(at(0), knock(apiKey));
    expect(caller).toMatchObject({ accountId, keyId, kind: 'live', plan: accountId });
    const set = (change: string) =>
      admin.query(`UPDATE gateway.api_keys SET ${change} WHERE id = $1`, [keyId]);
    await set(`scopes = '{jobs:read}'`);
    expect(await outcomeOf(enter(at(1), knock(apiKey)))).toBe('FORBIDDEN');
    await set(`scopes = '{jobs:write}', expires_at = now()`);
    expect(await outcomeOf(enter(at(2), knock(apiKey)))).toBe('UNAUTHORIZED');
    await set('expires_at = NULL, revoked_at = now()');
    expect(await outcomeOf(enter(at(3), knock(apiKey)))).toBe('UNAUTHORIZED');
    await set('revoked_at = NULL');
    await admin.query(`UPDATE gateway.accounts SET status = 'suspended' WHERE id = $1`, [
      accountId,
    ]);
    expect(await outcomeOf(enter(at(0), knock(apiKey)))).toBe('FORBIDDEN');
  });

  it('is told by moderation, whose later word counts, however late an earlier one comes', async () => {
    const { accountId, apiKey } = await accountWith(database);
    const accounts = new Accounts(await dataSourceOver(database.pool, { entities: [] }));
    const told = (suspended: boolean, version: number) =>
      accounts.setStanding(accountId, { suspended, suspensionId: 'suspension-1', version });
    const entering = () => outcomeOf(enter(at(0), knock(apiKey)));
    expect([await told(true, 3), await entering()]).toEqual([true, 'FORBIDDEN']);
    expect(await accounts.isSuspended(accountId)).toBe(true);
    expect([await told(false, 2), await entering()]).toEqual([true, 'FORBIDDEN']);
    expect([await told(false, 4), await told(true, 3)]).toEqual([true, true]);
    expect([await entering(), await accounts.isSuspended(accountId)]).toEqual(['admitted', false]);
    const text = `SELECT action, details ->> 'suspension_id' AS cause FROM gateway.audit
      WHERE account_id = $1 ORDER BY position`;
    const cause = 'suspension-1';
    expect((await database.admin.query(text, [accountId])).rows).toEqual([
      { action: 'account.suspended', cause },
      { action: 'account.active', cause },
    ]);
    expect(
      await accounts.setStanding(newId('acc'), {
        suspended: true,
        suspensionId: cause,
        version: 1,
      }),
    ).toBe(false);
  });

  it('leaves a trace of the last use', async () => {
    const { apiKey, keyId } = await accountWith(database);
    await enter(at(0), knock(apiKey));
    const read = 'SELECT last_used_at FROM gateway.api_keys WHERE id = $1';
    const { rows } = await database.admin.query(read, [keyId]);
    expect(rows[0]).toEqual({ last_used_at: expect.any(Date) });
  });
});

describe('the limits', () => {
  it('are exact over four gateways with 200 requests at once', async () => {
    const limit = 37;
    const { apiKey } = await accountWith(database, { keyPerMinute: limit });
    const started = performance.now();
    const asked = Array.from({ length: 200 }, (_, i) => outcomeOf(enter(at(i), knock(apiKey))));
    const { admitted = 0, RATE_LIMITED: limited = 0 } = tally(await Promise.all(asked));
    // While they were asked the budget grew again by one each 60 s / 37.
    const grown = Math.ceil((performance.now() - started) / (60_000 / limit));
    expect(admitted).toBeGreaterThanOrEqual(limit);
    expect(admitted).toBeLessThanOrEqual(limit + grown);
    expect(admitted + limited).toBe(200);
  });

  it('count an account over its keys, and a refusal takes nothing from either', async () => {
    const first = await accountWith(database, { keyPerMinute: 1000, accountPerMinute: 3 });
    const second = await keyOf(database.admin, first.accountId);
    const states: LimitState[] = [];
    const outcomes: string[] = [];
    for (const { apiKey } of [first, second, first, second, first]) {
      outcomes.push(await outcomeOf(enter(at(0), knock(apiKey), (state) => states.push(state))));
    }
    expect(outcomes).toEqual(['admitted', 'admitted', 'admitted', 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(states.map(({ limit, remaining }) => [limit, remaining])).toEqual([
      [3, 2],
      [3, 1],
      [3, 0],
      [3, 0],
      [3, 0],
    ]);
    const { rows } = await database.admin.query<{ spoken: number }>(
      `SELECT extract(epoch FROM tat - now())::float8 AS spoken FROM gateway.rate_limits
       WHERE bucket = $1`,
      [`key ${second.keyId} call`],
    );
    // One request of a thousand a minute speaks for 60 ms; the refused one for nothing.
    expect(rows[0]!.spoken).toBeLessThan(0.061);
  });

  it('say when to come back, and then let in', async () => {
    const { apiKey, keyId, accountId } = await accountWith(database, { keyPerMinute: 2 });
    await Promise.all([0, 1].map((i) => enter(at(i), knock(apiKey))));
    const refusal = await enter(at(2), knock(apiKey)).catch((error: unknown) => error as Problem);
    expect(refusal).toBeInstanceOf(Problem);
    const wait = Number((refusal as Problem).options.headers?.['retry-after']);
    expect(wait).toBeGreaterThan(28);
    expect(wait).toBeLessThanOrEqual(30);
    // Time passes for these two buckets.
    await database.admin.query(
      `UPDATE gateway.rate_limits SET tat = tat - $1 * interval '1 second'
       WHERE bucket IN ($2, $3)`,
      [wait, `key ${keyId} call`, `account ${accountId} call`],
    );
    expect(await outcomeOf(enter(at(3), knock(apiKey)))).toBe('admitted');
  });

  it('give watching a job a budget of its own, ten times as large', async () => {
    const { apiKey } = await accountWith(database, { keyPerMinute: 4 });
    const watch = Array.from({ length: 40 }, (_, i) =>
      outcomeOf(enter(at(i), knock(apiKey, { budget: 'watch' }))),
    );
    expect(tally(await Promise.all(watch))).toEqual({ admitted: 40 });
    expect(await outcomeOf(enter(at(0), knock(apiKey)))).toBe('admitted');
  });

  it('cap the jobs that are open, exactly, until they are closed', async () => {
    const { apiKey } = await accountWith(database, { openJobsMax: 11 });
    const jobs = Array.from({ length: 60 }, () => newId('job'));
    const outcomes = await Promise.all(
      jobs.map((jobId, i) => outcomeOf(enter(at(i), knock(apiKey, { jobId })))),
    );
    expect(tally(outcomes)).toEqual({ admitted: 11, RATE_LIMITED: 49 });
    const admitted = jobs.filter((_, i) => outcomes[i] === 'admitted');
    await new Answers(database.pool, testSeal).close(admitted.slice(0, 2));
    const again = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        outcomeOf(enter(at(i), knock(apiKey, { jobId: newId('job') }))),
      ),
    );
    expect(tally(again)).toEqual({ admitted: 2, RATE_LIMITED: 2 });
  });

  it('look whether jobs have ended before they turn one away', async () => {
    const { apiKey } = await accountWith(database, { openJobsMax: 2 });
    const answers = new Answers(database.pool, testSeal);
    const ended = new Set<string>();
    const watchful = new Admission(database.pool, testSeal, async (accountId) => {
      const over = (await answers.open(accountId)).filter((id) => ended.has(id));
      await answers.close(over);
      return over.length > 0;
    });
    const open = (jobId: string) => outcomeOf(enter(watchful, knock(apiKey, { jobId })));
    const [first, second] = [newId('job'), newId('job')];
    expect([await open(first), await open(second)]).toEqual(['admitted', 'admitted']);
    expect(await open(newId('job'))).toBe('RATE_LIMITED');
    ended.add(first);
    expect([await open(newId('job')), await open(newId('job'))]).toEqual([
      'admitted',
      'RATE_LIMITED',
    ]);
  });

  it('never wait for each other in a circle', async () => {
    const accounts = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const first = await accountWith(database);
        return [first, await keyOf(database.admin, first.accountId)];
      }),
    );
    const keys = accounts.flat();
    const outcomes = await Promise.all(
      Array.from({ length: 600 }, (_, i) =>
        outcomeOf(enter(at(i), knock(keys[(i * 7) % keys.length]!.apiKey))),
      ),
    );
    expect(tally(outcomes)).toEqual({ admitted: 600 });
  });
});
