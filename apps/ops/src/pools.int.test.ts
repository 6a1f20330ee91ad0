import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { dispatchService } from '@safelight/gpu-dispatch';
import { provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import { ops } from './ops.js';
import * as pools from './pools.js';

let postgres: TestPostgres;
let url: string;
beforeAll(async () => {
  postgres = await testPostgres();
  const service = { name: 'dispatch', password: 'runtime', ownerPassword: 'owner' };
  const { url: adminUrl } = await postgres.database();
  const { dispatch } = await provision({ adminUrl, services: [service] });
  await dispatchService.migrate(dispatch!.migrationUrl);
  url = dispatch!.url;
}, 120_000);
afterAll(() => postgres.stop());

async function said(...words: string[]) {
  const heard = { out: '', err: '' };
  const code = await ops(['pools', ...words], [pools.list, pools.set, pools.remove], {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: url,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

describe('npm run ops -- pools', () => {
  it('describes, changes, lists and forgets a pool', async () => {
    const account = newId('acc');
    expect((await said('list')).out).toContain('No pool is described');
    const made = await said('set', '--name=lake', `--account=${account}`, '--max=4', '--buffer=1');
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toContain(`lake: of ${account}; 0 to 4 workers, 1 to spare`);
    const again = await said('set', '--name=lake', '--from-zero=yes', '--target-wait=30');
    expect(again.out).toContain(
      `lake: of ${account}; 0 to 4 workers, 1 to spare, started when wanted`,
    );
    expect((await said('list')).out).toContain('target wait 30 s');
    const given = await said('set', '--name=lake', '--account=none', '--max=none');
    expect(given.out).toContain('lake: everybody’s; 0 to any number of workers');
    expect((await said('remove', '--name=lake')).code).toBe(0);
    expect(await said('remove', '--name=lake')).toMatchObject({ code: 1 });
  });

  it.each([
    [['set']],
    [['set', '--name=Lake']],
    [['set', '--name=lake', '--account=me']],
    [['set', '--name=shared', '--account=acc_1']],
    [['set', '--name=lake', '--min=2', '--max=1']],
    [['set', '--name=lake', '--target-wait=0']],
    [['set', '--name=lake', '--from-zero=maybe']],
    [['set', '--name=lake', '--buffer=-1']],
  ])('refuses %j and changes nothing', async (words) => {
    const { code, err } = await said(...words);
    expect([code, err.length > 0]).toEqual([2, true]);
    expect((await said('list')).out).toContain('No pool is described');
  });
});
