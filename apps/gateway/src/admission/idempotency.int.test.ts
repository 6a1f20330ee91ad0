import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import type { Problem } from '../http/problem.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { claim, enter, fourGateways, knock, outcomeOf, testSeal } from '../test/knocks.js';
import { Admission } from './admission.js';
import { AnswerSeal } from './answer-seal.js';
import { Answers } from './answers.js';
import { Replay } from './replay.js';

const database = gatewayDatabase();
const at = fourGateways(database);

describe('an idempotency key', () => {
  it('has one effect for 50 duplicates over four gateways, and the answer for the rest', async () => {
    const { apiKey, accountId } = await accountWith(database);
    const answers = new Answers(database.pool, testSeal);
    const keys = Array.from({ length: 40 }, () => randomUUID());
    const effects = await Promise.all(
      keys.map(async (key) => {
        const made = new Set<string>();
        const ask = async (i: number): Promise<string> => {
          const idempotency = claim(key);
          const asked = knock(apiKey, { jobId: newId('job'), idempotency });
          try {
            const { jobId } = await enter(at(i), asked);
            made.add(jobId!);
            const body = Buffer.from(`made ${jobId}`);
            await answers.keep({ accountId, ...idempotency }, { status: 202, headers: {}, body });
            return 'made';
          } catch (error) {
            if (error instanceof Replay) return error.body.toString();
            if ((error as Problem).code === 'IDEMPOTENCY_IN_PROGRESS') return 'busy';
            throw error;
          }
        };
        const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(i)));
        const late = await ask(0);
        expect(late).toBe(`made ${[...made][0]}`);
        expect(new Set(outcomes)).toEqual(
          new Set(['made', ...outcomes.filter((one) => one === 'busy' || one === late)]),
        );
        return made.size;
      }),
    );
    expect(effects).toEqual(keys.map(() => 1));
  });

  it('is refused with another body, and free on another route and for another account', async () => {
    const [one, other] = [await accountWith(database), await accountWith(database)];
    const key = randomUUID();
    const ask = (apiKey: string, idempotency = claim(key)) =>
      outcomeOf(enter(at(0), knock(apiKey, { idempotency })));
    expect(await ask(one.apiKey)).toBe('admitted');
    expect(await ask(one.apiKey, claim(key, 'other'))).toBe('IDEMPOTENCY_MISMATCH');
    expect(await ask(one.apiKey)).toBe('IDEMPOTENCY_IN_PROGRESS');
    expect(await ask(one.apiKey, { ...claim(key), route: 'POST /api/v1/edit' })).toBe('admitted');
    expect(await ask(other.apiKey)).toBe('admitted');
  });

  it('whose first request died is taken over for the same job, and a fault of ours lets go', async () => {
    const { apiKey, accountId } = await accountWith(database);
    const idempotency = claim(randomUUID());
    const ask = () => enter(at(0), knock(apiKey, { jobId: newId('job'), idempotency }));
    const { jobId } = await ask();
    await database.admin.query(
      'UPDATE gateway.idempotency_keys SET busy_until = now() WHERE key = $1',
      [idempotency.key],
    );
    expect((await ask()).jobId).toBe(jobId);
    expect(await outcomeOf(ask())).toBe('IDEMPOTENCY_IN_PROGRESS');
    await new Answers(database.pool, testSeal).letGo({ accountId, ...idempotency });
    expect((await ask()).jobId).toBe(jobId);
  });

  it('keeps its answer sealed: the database alone tells nobody, another secret neither', async () => {
    const { apiKey, accountId } = await accountWith(database);
    const idempotency = claim(randomUUID());
    const body = Buffer.from('{"data":{"key":"sl_live_shown_once"}}');
    const ask = (gateway: Admission) => enter(gateway, knock(apiKey, { idempotency }));
    await ask(at(0));
    const answers = new Answers(database.pool, testSeal);
    await answers.keep({ accountId, ...idempotency }, { status: 201, headers: {}, body });
    const { rows } = await database.admin.query<{ row: string }>(
      `SELECT encode(body, 'escape') || k::text AS row
       FROM gateway.idempotency_keys k WHERE key = $1`,
      [idempotency.key],
    );
    expect(rows[0]?.row).not.toContain('sl_live');
    await expect(ask(at(1))).rejects.toMatchObject({ status: 201, body });
    const other = new AnswerSeal(Buffer.alloc(32, 1));
    const rotated = new Admission(database.pool, other, async () => false);
    expect(await outcomeOf(ask(rotated))).toBe('CONFLICT');
  });

  it('forgets the answer of a job that is deleted, and is used up all the same', async () => {
    const { apiKey, accountId } = await accountWith(database);
    const idempotency = claim(randomUUID());
    const ask = () => enter(at(0), knock(apiKey, { jobId: newId('job'), idempotency }));
    const { jobId } = await ask();
    const answers = new Answers(database.pool, testSeal);
    const body = Buffer.from('a picture');
    await answers.keep({ accountId, ...idempotency }, { status: 200, headers: {}, body });
    await answers.erase(newId('acc'), jobId!);
    await expect(ask()).rejects.toMatchObject({ status: 200, body });
    await answers.erase(accountId, jobId!);
    expect(await outcomeOf(ask())).toBe('CONFLICT');
    expect(await answers.find(accountId, idempotency.key)).toMatchObject([
      { answer: { body: '' } },
    ]);
  });

  it('that was taken over stays with its job, however crowded the account is', async () => {
    const { apiKey, accountId } = await accountWith(database, { openJobsMax: 2 });
    const idempotency = claim(randomUUID());
    const ask = () => enter(at(0), knock(apiKey, { jobId: newId('job'), idempotency }));
    const { jobId } = await ask();
    await new Answers(database.pool, testSeal).letGo({ accountId, ...idempotency });
    await database.admin.query('DELETE FROM gateway.open_jobs WHERE account_id = $1', [accountId]);
    await database.admin.query(
      `INSERT INTO gateway.open_jobs SELECT 'job_' || n, $1, now() + interval '1 hour'
       FROM generate_series(1, 2) n`,
      [accountId],
    );
    expect(await outcomeOf(ask())).toBe('RATE_LIMITED');
    await database.admin.query('DELETE FROM gateway.open_jobs WHERE account_id = $1', [accountId]);
    expect((await ask()).jobId).toBe(jobId);
  });

  it('is forgotten after a day, not before', async () => {
    const { apiKey, accountId } = await accountWith(database);
    const idempotency = claim(randomUUID());
    const ask = () => enter(at(0), knock(apiKey, { idempotency }));
    await ask();
    const answer = { status: 202, headers: { 'content-type': 'x' }, body: Buffer.from('\0é') };
    await new Answers(database.pool, testSeal).keep({ accountId, ...idempotency }, answer);
    const age = (hours: number) =>
      database.admin.query(
        `UPDATE gateway.idempotency_keys SET created_at = now() - $1 * interval '1 hour' WHERE key = $2`,
        [hours, idempotency.key],
      );
    await age(23.99);
    await expect(ask()).rejects.toMatchObject(answer);
    await age(24.01);
    expect(await outcomeOf(ask())).toBe('admitted');
  });
});

it('forgets what nobody can ask for any more, and nothing else', async () => {
  const { apiKey, accountId } = await accountWith(database);
  const answers = new Answers(database.pool, testSeal);
  const [old, young] = [claim(randomUUID()), claim(randomUUID())];
  for (const idempotency of [old, young]) {
    await enter(at(0), knock(apiKey, { jobId: newId('job'), idempotency }));
    await answers.keep(
      { accountId, ...idempotency },
      { status: 202, headers: {}, body: Buffer.from('x') },
    );
  }
  const age = `UPDATE gateway.idempotency_keys SET created_at = now() - interval '26 hours' WHERE key = $1`;
  await database.admin.query(age, [old.key]);
  await answers.forget();
  expect(await answers.find(accountId, old.key)).toEqual([]);
  expect(await answers.find(accountId, young.key)).toMatchObject([
    { route: young.route, answer: { status: 202, body: 'x' } },
  ]);
  expect(await answers.find(newId('acc'), young.key)).toEqual([]);
});
