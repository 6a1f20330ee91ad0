import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appealDecision,
  fileReport,
  newId,
  recordConsent,
  screenPrompt,
} from '@safelight/contracts';
import {
  createPool,
  CustomerReads,
  EVERYBODY,
  transact,
  type Statement,
} from '@safelight/postgres';
import type pg from 'pg';
import { schema } from '../migrations/index.js';
import { ModerationWorld } from '../test/moderation-world.js';
import { decisionStatement } from './appeals.js';
import { consentsStatement, consentStatement } from './consents.js';

const [owner, stranger, keyId] = [newId('acc'), newId('acc'), newId('key')];
const ids = { decision: '', consent: '' };
let world: ModerationWorld;
let pool: pg.Pool;
let reads: CustomerReads;

beforeAll(async () => {
  world = await ModerationWorld.start();
  await world.runService();
  pool = createPool({ url: world.env['DATABASE_URL']!, applicationName: 'test' });
  reads = new CustomerReads(pool, schema);
  const { client } = world;
  for (const accountId of [stranger, owner]) {
    const asked = { jobId: newId('job'), accountId, prompt: 'a nude figure', negativePrompt: '' };
    const { decisionId } = (await client.request(screenPrompt, asked)).receipt;
    await client.request(appealDecision, { decisionId, accountId, keyId, statement: 'No.' });
    const about = { subject: 's', purpose: 'p', evidenceDigest: 'a'.repeat(64), expiresAt: null };
    const { consentId } = await client.request(recordConsent, { accountId, keyId, ...about });
    Object.assign(ids, { decision: decisionId, consent: consentId });
  }
  const about = { jobId: newId('job'), outputId: null, imageDigest: null, contact: null };
  await client.request(fileReport, { ...about, reason: 'other', details: '' });
}, 90_000);
afterAll(async () => {
  await pool.end();
  await world.stop();
});

const seen = async (accountId: string, statement: Statement): Promise<number> =>
  (await reads.rows(accountId, [statement]))[0]!.length;
const plain = (text: string): Statement => ({ name: '', text, values: [] });

describe.each<[string, () => Statement]>([
  ['a decision', () => decisionStatement(ids.decision, owner)],
  ['a consent', () => consentStatement(ids.consent, owner)],
  ['a list of consents', () => consentsStatement(owner, 10, null)],
])('%s', (_, statement) => {
  it('is there for its account, and not for another, whatever the query asks for', async () => {
    expect(await seen(owner, statement())).toBe(1);
    expect(await seen(stranger, statement())).toBe(0);
    expect(await seen(EVERYBODY, statement())).toBe(0);
    expect((await transact(pool, [statement()]))[0]).toHaveLength(1);
  });
});

const readable = ['decisions', 'appeals', 'consents', 'case_words', 'case_keys'];
/** Of no account, each with some column of its own. */
const nobodys: Readonly<Record<string, string>> = {
  reports: 'job_id',
  hash_bank_events: 'bank_id',
  hash_bank_hashes: 'bank_id',
  policy_events: 'policy_digest',
  receipt_keys: 'key_id',
  events: 'stream_id',
  inbox: 'consumer',
  outbox: 'name',
  picture_hashes: 'digest',
  quarantine_cases: 'case_id',
  quarantine_items: 'case_id',
  sightings: 'account_id',
  standing_due: 'account_id',
  standings: 'account_id',
  takedown_claims: 'report_id',
  takedown_hashes: 'report_id',
  pictures_seen: 'job_id',
  made_outputs: 'job_id',
};
const tables = [...readable, ...Object.keys(nobodys)];

describe.each(tables)('the reader role and %s', (table) => {
  it(readable.includes(table) ? 'sees its own rows' : 'may not read it', async () => {
    const all = plain(`select * from ${table}`);
    if (!readable.includes(table)) {
      await expect(seen(owner, all)).rejects.toMatchObject({ code: '42501' });
      return;
    }
    const own = await seen(owner, all);
    expect(own).toBeGreaterThan(0);
    expect(await seen(stranger, all)).toBe(own);
    expect(await seen(EVERYBODY, all)).toBe(0);
    expect((await transact(pool, [all]))[0]!.length).toBeGreaterThanOrEqual(2 * own);
  });

  it.each([
    `insert into ${table} default values`,
    `update ${table} set account_id = null`.replace('account_id', nobodys[table] ?? 'account_id'),
    `delete from ${table}`,
    `truncate ${table}`,
    `alter table ${table} disable row level security`,
    `drop table ${table}`,
  ])('may not %s', async (verb) => {
    await expect(seen(owner, plain(verb))).rejects.toMatchObject({ code: '42501' });
  });
});

it('every table of the service is in this matrix', async () => {
  const text = `select relname from pg_class where relnamespace = 'moderation'::regnamespace
    and relkind in ('r', 'v', 'm', 'p') and relname <> 'migrations' order by relname`;
  const [rows] = await transact(pool, [plain(text)]);
  expect(rows!.map(([name]) => name)).toEqual(tables.toSorted());
});
