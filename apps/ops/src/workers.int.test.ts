import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dispatchService } from '@safelight/gpu-dispatch';
import { createPool, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { ops } from './ops.js';
import * as workers from './workers.js';

let postgres: TestPostgres;
let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await testPostgres();
  const service = { name: 'dispatch', password: 'runtime', ownerPassword: 'owner' };
  const { url: adminUrl } = await postgres.database();
  const { dispatch } = await provision({ adminUrl, services: [service] });
  await dispatchService.migrate(dispatch!.migrationUrl);
  url = dispatch!.url;
  pool = createPool({ url, applicationName: 'test' });
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

async function said(...words: string[]) {
  const heard = { out: '', err: '' };
  const code = await ops(['workers', ...words], Object.values(workers), {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: url,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

describe('ops workers', () => {
  it('tells who is there, puts away and lets go', async () => {
    expect(await said('list')).toMatchObject({ out: 'No worker was heard of within a day.\n' });
    await pool.query(
      `insert into dispatch.workers values
       ('gpu-1', 'i', 'e', 'shared', 2, '{a,b}', now()),
       ('gpu-2', 'i', 'e', 'shared', 2, '{a,b}', now() - interval '1 hour')`,
    );
    const away = await said('quarantine', '--worker', 'gpu-1', '--reason', 'a fan is loud');
    expect(away).toMatchObject({ code: 0, out: 'gpu-1 gets no more work until it is released.\n' });
    const { out } = await said('list');
    expect(out).toContain('gpu-1  2 slots in shared: a, b\n  in quarantine since ');
    expect(out).toContain('by operator, until it is released: a fan is loud');
    expect(out).toContain('gpu-2  silent since ');
    expect(await said('release', '--worker', 'gpu-1')).toMatchObject({ code: 0 });
    expect((await said('list')).out).not.toContain('quarantine');
  });

  it('takes over what the dispatcher placed, and forgets its strikes at the release', async () => {
    await pool.query(
      `insert into dispatch.quarantines (worker_id, placed_by, reason, strikes, proves_at)
       values ('gpu-3', 'dispatcher', '6 faults', 2, now() + interval '1 hour')`,
    );
    expect((await said('list')).out).toMatch(/gpu-3 {2}never heard of\n.*canary after.*strike 2/);
    await said('quarantine', '--worker', 'gpu-3', '--reason', 'look at it');
    expect((await said('list')).out).toContain('until it is released: look at it');
    await said('release', '--worker', 'gpu-3');
    const { rows } = await pool.query(
      `select strikes, ended_at is null as lasts from dispatch.quarantines where worker_id = 'gpu-3'`,
    );
    expect(rows).toEqual([{ strikes: 0, lasts: false }]);
  });

  it('says what it needs, and what there is not', async () => {
    expect(await said('quarantine', '--worker', 'gpu-1')).toMatchObject({ code: 2 });
    expect(await said('release')).toMatchObject({ code: 2 });
    const { code, err } = await said('release', '--worker', 'gpu-9');
    expect([code, err]).toEqual([1, 'gpu-9 is not in quarantine.\n']);
  });
});
