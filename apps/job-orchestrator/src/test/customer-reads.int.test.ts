import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, readFeed, submitJob } from '@safelight/contracts';
import { streamStatement } from '@safelight/event-store';
import {
  createPool,
  CustomerReads,
  EVERYBODY,
  statementOf,
  transact,
  type Statement,
} from '@safelight/postgres';
import type pg from 'pg';
import { readInputs } from '../content/contents.js';
import { streamOf } from '../job/job.handler.js';
import { jobPage } from '../job/job.page.sql.js';
import { feedPage, findJobs, findOwner } from '../job/job.reads.sql.js';
import { usageOf } from '../job/job.usage.sql.js';
import { schema } from '../migrations/index.js';
import { attemptCompletes, endOf, submission } from './customer.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

const [owner, stranger] = [newId('acc'), newId('acc')];
let fixture: Fixture;
let pool: pg.Pool;
let reads: CustomerReads;
const jobs: Record<string, string> = {};

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
  pool = createPool({
    url: fixture.databaseUrl,
    applicationName: 'test',
    indexesOnly: true,
    max: 1,
  });
  reads = new CustomerReads(pool, schema);
  for (const [name, accountId, shown] of [
    ['private', owner, {}],
    ['public', owner, { visibility: 'public' }],
    ['other', stranger, {}],
  ] as const) {
    const base = submission();
    const request = { ...base, accountId, spec: { ...base.spec, ...shown } };
    await fixture.client.request(submitJob, request);
    attemptCompletes(fixture, base.jobId);
    await endOf(fixture, base.jobId);
    jobs[name] = base.jobId;
  }
});
afterAll(async () => {
  await pool.end();
  await fixture.stop();
});

const seen = async (accountId: string, statement: Statement): Promise<number> =>
  (await reads.rows(accountId, [statement]))[0]!.length;

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const all = { limit: 100, before: null, status: null, type: null };
const page = (metadata: Record<string, string>) =>
  jobPage({ ...all, accountId: owner, createdAfter: null, createdBefore: null, metadata });

/** Every statement that a customer's question runs, about things of `owner`. */
const ofOwner: readonly (readonly [string, () => Statement])[] = [
  ['a job', () => findJobs([jobs['private']!, jobs['public']!])],
  ['whose a job is', () => findOwner(jobs['private']!)],
  ['a timeline', () => streamStatement(schema, streamOf(jobs['private']!))],
  ['what a retry is made of', () => readInputs([jobs['private']!])],
  ['a list', () => statementOf(page({}))],
  ['a list by metadata', () => statementOf(page({ shelf: 'b' }))],
  ['usage', () => statementOf(usageOf(owner, day(-1), day(1)))],
];

describe.each(ofOwner)('%s', (_, statement) => {
  it('is there for its account, and not for another, whatever the query asks for', async () => {
    expect(await seen(owner, statement())).toBeGreaterThan(0);
    expect(await seen(stranger, statement())).toBe(0);
    expect(await seen(newId('acc'), statement())).toBe(0);
    // The service's own role sees it: what hides it is the reader's policy alone.
    expect((await transact(pool, [statement()]))[0]!.length).toBeGreaterThan(0);
  });
});

describe('a query without any account', () => {
  const everything = (table: string): Statement => ({
    name: '',
    text: `select * from ${table}`,
    values: [],
  });

  it.each(['jobs', 'job_labels', 'contents', 'events'])(
    'finds its own rows of %s',
    async (table) => {
      const [total] = (await transact(pool, [everything(table)])) as [unknown[]];
      const [own, others] = [
        await seen(owner, everything(table)),
        await seen(stranger, everything(table)),
      ];
      expect(own).toBeGreaterThan(others);
      expect(others).toBeGreaterThan(0);
      expect(own + others).toBe(total.length);
    },
  );

  it('shows the feed to nobody in particular, and nothing else of anybody', async () => {
    const rows = await reads.records<{ job_id: string }>(EVERYBODY, everything('jobs'));
    expect(rows.map(({ job_id }) => job_id)).toEqual([jobs['public']]);
    expect(await seen(EVERYBODY, feedPage(10, null))).toBe(1);
    for (const table of ['job_labels', 'contents', 'events']) {
      expect(await seen(EVERYBODY, everything(table))).toBe(0);
    }
    const { jobs: shown } = await fixture.client.request(readFeed, { limit: 10, before: null });
    expect(shown.map(({ id }) => id)).toEqual([jobs['public']]);
    // Nor does the feed of everybody come into what one account sees.
    expect(await seen(stranger, feedPage(10, null))).toBe(0);
  });

  it('leaves no account and no role on the connection that it used', async () => {
    await seen(owner, everything('jobs'));
    const failing = { name: '', text: 'select 1 / 0', values: [] };
    await expect(reads.rows(owner, [failing])).rejects.toMatchObject({ code: '22012' });
    const who = `select current_user, coalesce(current_setting('safelight.account', true), '')`;
    const [rows] = await transact(pool, [{ name: '', text: who, values: [] }]);
    expect(rows).toEqual([['safelight_orchestrator', '']]);
    expect(pool.totalCount).toBe(1);
  });

  it('answers many customers in one round trip, each with what is theirs', async () => {
    const statement = findJobs(Object.values(jobs));
    const asked = [owner, stranger, newId('acc'), owner].map((accountId) => ({
      accountId,
      statement,
    }));
    const answers = await reads.recordsOfEach<{ account_id: string }>(asked);
    expect(answers.map((rows) => rows.length)).toEqual([2, 1, 0, 2]);
    expect(new Set(answers[0]!.map(({ account_id }) => account_id))).toEqual(new Set([owner]));
  });
});

const readable = new Set(['jobs', 'job_labels', 'contents', 'events']);
const tables = [...readable, 'account_keys', 'inbox', 'outbox'];

describe.each(tables)('the reader role and %s', (table) => {
  const asReader = (text: string) => reads.rows(owner, [{ name: '', text, values: [] }]);

  it(readable.has(table) ? 'may read it' : 'may not read it', async () => {
    const reading = asReader(`select * from ${table} limit 1`);
    if (readable.has(table)) await expect(reading).resolves.toHaveLength(1);
    else await expect(reading).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    `insert into ${table} overriding system value select * from ${table}`,
    `update ${table} set COLUMN = null`,
    `delete from ${table}`,
    `truncate ${table}`,
    `lock table ${table} in exclusive mode`,
    `alter table ${table} disable row level security`,
    `drop table ${table}`,
  ])('may not %s', async (verb) => {
    const text = verb.replace('COLUMN', await someColumn(table));
    await expect(asReader(text)).rejects.toMatchObject({ code: '42501' });
  });
});

it('every table of the service is in this matrix', async () => {
  const text = `select relname from pg_class where relnamespace = 'orchestrator'::regnamespace
    and relkind in ('r', 'v', 'm', 'p')`;
  const { rows } = await fixture.admin.query<{ relname: string }>(text);
  const own = rows.map(({ relname }) => relname).filter((name) => name !== 'migrations');
  expect(own.sort()).toEqual([...tables].sort());
});

async function someColumn(table: string): Promise<string> {
  const text = `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0
    and attidentity = '' limit 1`;
  const { rows } = await fixture.admin.query<{ attname: string }>(text, [`orchestrator.${table}`]);
  return rows[0]!.attname;
}
