import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { admitJob, listModels, locateJobs, newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { eventually } from '@safelight/testing';
import { LOCK } from '../leadership/leadership.js';
import { undescribed, type Pool } from '../pools/pool.js';
import { writePool } from '../pools/pools.sql.js';
import { Stage, spec } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(async () => {
  await stage.clear();
  await stage.admin.query('delete from dispatch.pools; delete from dispatch.pool_pasts');
});
afterAll(() => stage.close());

const describePool = (name: string, part: Partial<Pool>) =>
  writePool(stage.admin, { ...undescribed(name), ...part });
const start = () => stage.dispatcher({ POOLS_EVERY_MS: '50', LEASE_MS: '600' });

const ask = (accountId: string, part: Record<string, unknown> = {}) =>
  stage.requests.request(admitJob, {
    accountId,
    spec: { ...spec, model: null, steps: null, ...part },
  });
const refusal = async (...asked: Parameters<typeof ask>): Promise<[string, unknown]> => {
  const error: unknown = await ask(...asked).catch((reason: unknown) => reason);
  if (error instanceof DomainError) return [error.code, error.details];
  throw new Error('nothing was refused', { cause: error });
};

describe('pools', () => {
  it('serve their own account alone, which nobody else can tell from no pool at all', async () => {
    const [owner, other] = [newId('acc'), newId('acc')];
    await describePool('lake', { accountId: owner });
    await start();
    await stage.worker({ models: ['common/dot'] });
    await stage.worker({ models: ['lake/dot'], pool: 'lake' });
    expect(await ask(owner, { pool: 'lake' })).toMatchObject({ model: 'lake/dot', pool: 'lake' });
    expect(await ask(owner, { model: 'lake/dot' })).toMatchObject({ pool: 'lake' });
    expect(await ask(other)).toMatchObject({ model: 'common/dot', pool: null });
    const theirs = await refusal(other, { pool: 'lake' });
    expect(theirs).toEqual(['pool.unknown', { pool: 'lake' }]);
    expect(await refusal(other, { pool: 'lake2' })).toEqual(['pool.unknown', { pool: 'lake2' }]);
    const [code, details] = await refusal(other, { model: 'lake/dot' });
    expect([code, details]).toMatchObject(['model.unknown', { models: ['common/dot'] }]);
    const missing = await refusal(owner, { pool: 'lake', model: 'common/dot' });
    expect(missing).toMatchObject(['pool.cannot', { pool: 'lake', models: ['lake/dot'] }]);
    const { models } = await stage.requests.request(listModels, {});
    expect(models.map(({ offer }) => offer.name)).toEqual(['common/dot']);
    const of = { accountId: owner, pool: 'lake', test: false };
    const own = await stage.requests.request(listModels, { of });
    expect(own.models).toMatchObject([{ offer: { name: 'lake/dot' }, isDefault: true }]);
    const asked = stage.requests.request(listModels, { of: { ...of, accountId: other } });
    await expect(asked).rejects.toMatchObject({ code: 'pool.unknown' });
  });

  it('are judged by what their own workers can do', async () => {
    const [owner, other] = [newId('acc'), newId('acc')];
    await describePool('lake', { accountId: owner });
    await start();
    await stage.worker({ sidePx: 512 });
    await stage.worker({ sidePx: 2_048, pool: 'lake' });
    const wide = { model: 'test/dot', width: 2_048 };
    expect(await ask(owner, wide)).toMatchObject({ pool: 'lake' });
    expect(await refusal(other, wide)).toMatchObject(['model.unsupported', { limit: 512 }]);
    await stage.worker({ sidePx: 256, pool: 'small' });
    const common = { model: 'test/dot', width: 512, height: 512 };
    expect(await refusal(other, common)).toMatchObject(['model.unsupported', { limit: 256 }]);
  });

  it('say how many workers they want, on every replica, and begin from zero', async () => {
    await describePool('shared', { fromZero: true, targetWaitSeconds: 10, max: 3 });
    const leader = await start();
    const standby = await start();
    const scaling = async (service: { opsUrl: string }, path = '/shared') => {
      const response = await fetch(`${service.opsUrl}/scaling${path}`);
      const body = (await response.json()) as Record<string, unknown>;
      return { status: response.status, body };
    };
    const worker = await stage.worker();
    const jobId = await stage.queue({ spec: { steps: 100, width: 1_024, height: 1_024 } });
    await worker.has(jobId);
    for (const service of [leader, standby]) {
      await eventually(async () => (await scaling(service)).body['busy'] === 1);
      const { body } = await scaling(service);
      expect(body).toMatchObject({ pool: 'shared', desired: 1, workers: 1, reasons: ['1 busy'] });
    }
    const waiting = await stage.queue({ spec: { steps: 100, width: 1_024, height: 1_024 } });
    await eventually(async () => (await scaling(standby)).body['desired'] === 2);
    const { places } = await stage.requests.request(locateJobs, {
      jobIds: [waiting, newId('job')],
    });
    expect(places).toMatchObject([{ jobId: waiting, queuePosition: 0 }]);
    expect(places[0]!.etaSeconds).toBeGreaterThan(100);
    expect((await scaling(leader, '/none')).status).toBe(404);
    expect((await scaling(leader, '')).body).toMatchObject({ pools: [{ pool: 'shared' }] });
    const metrics = await (await fetch(`${leader.opsUrl}/metrics`)).text();
    expect(metrics).toMatch(/desired_replicas\{.*pool="shared".*\} 2/);
  });

  it('take jobs while they have no worker, and count the cold start', async () => {
    await describePool('shared', { fromZero: true, targetWaitSeconds: 10 });
    const before = await start();
    const worker = await stage.worker();
    await worker.die();
    await before.close();
    const after = await start();
    // Known from before, with nobody there: accepted, to be done within a cold start.
    const { etaSeconds } = await ask(newId('acc'), { model: 'test/dot' });
    expect(etaSeconds).toBeGreaterThan(60);
    const jobId = await stage.queue();
    await eventually(async () => {
      const response = await fetch(`${after.opsUrl}/scaling/shared`);
      return ((await response.json()) as { desired: number }).desired === 1;
    });
    const started = await stage.worker();
    await started.has(jobId);
    const { rows } = await eventually(async () => {
      const seen = await stage.admin.query<{ cold: number }>(
        'select cold_start_seconds as cold from dispatch.pool_pasts where cold_start_seconds > 0',
      );
      return seen.rows.length === 1 && seen;
    });
    expect(rows[0]!.cold).toBeLessThan(600);
  });

  it('answer 503 for scaling before somebody leads', async () => {
    const elsewhere = await stage.admin.connect();
    await elsewhere.query(`select pg_advisory_lock(${LOCK})`);
    const standby = await start();
    const scaling = () => fetch(`${standby.opsUrl}/scaling`);
    const answer = await scaling();
    expect([answer.status, await answer.json()]).toEqual([
      ...[503, { error: 'no dispatcher leads at present; ask again in a few seconds' }],
    ]);
    expect(await scaling().then(({ status }) => status)).toBe(503);
    elsewhere.release(true);
    await eventually(async () => (await scaling()).status === 200);
  });

  it('answer 503 for scaling, or the number, when the leader changes', async () => {
    const only = await start();
    const url = only.opsUrl;
    await stage.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'dispatch leadership'`);
    const statuses = new Set<number>();
    await eventually(async () => {
      statuses.add((await fetch(`${url}/scaling`)).status);
      return statuses.has(200);
    });
    for (const status of statuses) expect([200, 503]).toContain(status);
  });
});

describe('what was learned', () => {
  it('outlives the dispatcher', async () => {
    const first = await start();
    const worker = await stage.worker({ gpu: 'Lamp 9', eager: true });
    const jobId = await stage.queue();
    await worker.has(jobId);
    await stage.ended(jobId);
    await first.close();
    const { rows } = await stage.admin.query<{ key: string }>('select key from dispatch.learned');
    expect(rows.map(({ key }) => key).some((key) => key.includes('Lamp 9'))).toBe(true);
  });
});
