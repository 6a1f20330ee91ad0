import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { billingService } from '@safelight/billing';
import { newId } from '@safelight/contracts';
import { createPool, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import * as credits from './credits.js';
import { ops } from './ops.js';

const commands = [credits.grant, credits.refund, credits.adjust];

let postgres: TestPostgres;
let url: string;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await testPostgres();
  const service = { name: 'billing', password: 'runtime', ownerPassword: 'owner' };
  const { url: adminUrl } = await postgres.database();
  const { billing } = await provision({ adminUrl, services: [service] });
  await billingService.migrate(billing!.migrationUrl);
  url = billing!.url;
  pool = createPool({ url, applicationName: 'test' });
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

async function said(verb: string, options: Readonly<Record<string, string>>, ...rest: string[]) {
  const heard = { out: '', err: '' };
  const words = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const code = await ops(['credits', verb, ...words, ...rest], commands, {
    out: (text) => void (heard.out += text),
    err: (text) => void (heard.err += text),
    databaseUrl: url,
    folder: '/nowhere',
  });
  return { code, ...heard };
}

async function entriesOf(account: string): Promise<string[]> {
  const { rows } = await pool.query<{ entry: string }>(
    `select id || ' ' || available_micros || ' ' || (metadata ->> 'reason') as entry
     from billing.transactions where account_id = $1 order by sequence`,
    [account],
  );
  return rows.map(({ entry }) => entry);
}

/** An account with 10 given credits, and a job of 4 that was charged. */
async function chargedAccount() {
  const [account, job] = [newId('acc'), newId('job')];
  const given = `welcome-${account.slice(4)}`;
  await said('grant', { account, credits: '10', id: given, reason: 'trial' }, '--yes');
  const insert = `insert into billing.transactions (id, kind, account_id, sequence,
    available_micros, held_micros, promotions_micros, payments_micros, revenue_micros,
    refunds_micros, available_after_micros, held_after_micros, paid_micros, paid_after_micros,
    item, price_version, expires_at, metadata) values `;
  await pool.query(
    `${insert} ($1, 'hold', $2, 2, -4000000, 4000000, 0, 0, 0, 0, 6000000, 4000000, 0, 0,
      'picture', 'v1', now() + interval '1 hour', '{}')`,
    [`hold:${job}`, account],
  );
  await pool.query(
    `${insert} ($1, 'captured', $2, 3, 0, -4000000, 0, 0, 4000000, 0, 6000000, 0, 0, 0,
      null, null, null, '{"numerator":1,"denominator":1}')`,
    [`settle:${job}`, account],
  );
  return { account, job };
}

describe('ops credits', () => {
  it('grants once, and only when told to', async () => {
    const account = newId('acc');
    const options = { account, credits: '12.5', id: 'spring-1', reason: 'goodwill' };
    const dry = await said('grant', options);
    expect(dry).toEqual({
      ...{ code: 0, err: '' },
      out: [
        `${account}: 12.5 credits (0 paid, 12.5 promotional)`,
        'available: 0 before, 12.5 after',
        'This account has never had credits. Is its id right?',
        'Nothing was done. Say --yes to do it.\n',
      ].join('\n'),
    });
    expect(await entriesOf(account)).toEqual([]);
    const done = await said('grant', options, '--yes');
    expect([done.code, done.out]).toEqual([
      0,
      expect.stringContaining('Done, for ever, as grant:spring-1.'),
    ]);
    const again = await said('grant', options, '--yes');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Nothing happens.')]);
    expect(await entriesOf(account)).toEqual(['grant:spring-1 12500000 goodwill']);
    const other = await said('grant', { ...options, credits: '13' }, '--yes');
    expect([other.code, other.err]).toEqual([1, expect.stringContaining('another --id')]);
  });

  it('refunds a charge, up to the charge', async () => {
    const { account, job } = await chargedAccount();
    const options = { job, credits: '3', id: `sorry-${job.slice(4)}`, reason: 'poor_result' };
    expect((await said('refund', options)).out).toContain('available: 6 before, 9 after');
    expect(await entriesOf(account)).toHaveLength(3);
    expect((await said('refund', options, '--yes')).code).toBe(0);
    const more = await said('refund', { ...options, id: 'more', credits: '1.5' }, '--yes');
    expect([more.code, more.err]).toEqual([
      1,
      'The job was charged 4 credits, and 3 were given back.\n',
    ]);
    expect((await entriesOf(account)).slice(3)).toEqual([
      `refund:${options.id} 3000000 poor_result`,
    ]);
    const never = await said('refund', { ...options, id: 'none', job: newId('job') });
    expect([never.code, never.err]).toEqual([1, 'Nothing was ever held for this job.\n']);
  });

  it('adjusts both ways, and never below zero', async () => {
    const { account } = await chargedAccount();
    const about = { account, kind: 'promotional', reason: 'correction', note: 'booked twice' };
    const id = `fix-${account.slice(4)}`;
    const taken = await said('adjust', { ...about, credits: '-2', id }, '--yes');
    expect(taken.out).toContain('available: 6 before, 4 after');
    const below = await said('adjust', { ...about, credits: '-5', id: `${id}-2` }, '--yes');
    expect([below.code, below.err]).toEqual([1, 'Only 4 credits are available.\n']);
    expect((await entriesOf(account)).slice(3)).toEqual([`adjust:${id} -2000000 correction`]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['grant', {}, '--id names this for ever'],
    ['grant', { id: 'a:b' }, '--id names this for ever'],
    ['grant', { id: 'abc', account: 'ann' }, '--account must be'],
    ['grant', { id: 'abc', account: newId('acc'), credits: '1.1234567' }, '--credits must be'],
    [
      'grant',
      { id: 'abc', account: newId('acc'), credits: '1', reason: 'fun' },
      '--reason must be',
    ],
    ['refund', { id: 'abc', job: 'job_1' }, '--job must be'],
    ['adjust', { id: 'abc', account: newId('acc'), credits: '1', kind: 'gold' }, '--kind must be'],
  ])('%s says what is wrong with %j', async (verb, options, sentence) => {
    const { code, err } = await said(verb, options);
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
