import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  consentAnswer,
  decisionAnswer,
  eraseCase,
  readCase,
  reportAnswer,
} from '@safelight/contracts';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { TestClient } from './client.js';
import { findInFiles, findInTables } from './files-with.js';
import { Fleet } from './fleet.js';

const canary = (what: string) => `canary-${what}-${randomUUID()}`;
const planted = {
  prompt: canary('prompt'),
  refused: canary('refused'),
  statement: canary('statement'),
  subject: canary('subject'),
  purpose: canary('purpose'),
  details: canary('details'),
  contact: `${canary('contact')}@example.com`,
};
const secrets = Object.values(planted);
/** Metadata are kept as they come: whoever does not find this one looks in the wrong places. */
const open = canary('metadata');
const blank = { model: 'builtin/blank', width: 256, height: 256 };

let fleet: Fleet;
let client: TestClient;
let admin: pg.Pool;
let jobId: string;
const cases = { appeal: '', decision: '', consent: '', report: '' };

beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'one process', env: { LOG_LEVEL: 'debug' } });
  client = new TestClient(fleet.url, (await fleet.account('100')).apiKey);
  admin = createPool({ url: fleet.postgres.socketUrl, applicationName: 'test' });
  await plant();
}, 120_000);
afterAll(async () => {
  await admin.end();
  await fleet.close();
}, 60_000);

/** Everything that a person can write about a decision, a face or an image, through the API. */
async function plant(): Promise<void> {
  const { prompt, refused, statement, subject, purpose, details, contact } = planted;
  const job = await client.run({ ...blank, prompt, metadata: { note: open } });
  jobId = job.id as string;
  const once = () => ({ 'idempotency-key': randomUUID() });
  const blocked = await client.generate({ ...blank, prompt: `a nude statue ${refused}` });
  cases.decision = blocked.json.decision_id as string;
  const path = `/api/v1/decisions/${cases.decision}/appeal`;
  const appealed = await client.send('POST', path, { statement }, once());
  expect(appealed.status).toBe(201);
  cases.appeal = (appealed.json.data as { id: string }).id;
  const wanted = { subject, purpose, evidence_sha256: 'a'.repeat(64) };
  const consented = await client.send('POST', '/api/v1/consents', wanted, once());
  cases.consent = consentAnswer.parse(consented.json).data.id;
  const told = { job_id: jobId, reason: 'likeness', details, contact };
  const reported = await new TestClient(fleet.url, 'none').send('POST', '/api/v1/reports', told);
  cases.report = reportAnswer.parse(reported.json).data.id;
  // Requests that are refused must not leave their words either.
  await client.send('POST', '/api/v1/consents', { ...wanted, evidence_sha256: 'x' }, once());
  await new TestClient(fleet.url, 'none').send('POST', '/api/v1/reports', { ...told, job_id: 'x' });
}

const read = (caseId: string) => fleet.requests.request(readCase, { caseId, reader: 'e2e' });
const output = () => fleet.processes.map(([, child]) => child.output).join('\n');

describe('what people write', () => {
  it('is in no table in the clear', async () => {
    expect(await findInTables(admin, secrets)).toEqual([]);
    expect(await findInTables(admin, [open])).toContain(`${open} in orchestrator.jobs`);
  });

  it('is in no file of PostgreSQL, its journal included, of JetStream or of the object store', async () => {
    expect(await findInFiles(fleet.folder, secrets)).toEqual([]);
    const inPostgres = await findInFiles(join(fleet.folder, 'postgres', 'pg_wal'), [open]);
    expect(inPostgres).not.toEqual([]);
    expect(await findInFiles(join(fleet.folder, 'nats'), [jobId])).not.toEqual([]);
  });

  it('is in no log', () => {
    expect(secrets.filter((secret) => output().includes(secret))).toEqual([]);
    expect(output()).toContain(jobId);
  });

  it('reaches the operator who decides, until it is erased; then the case alone is left', async () => {
    const { statement, subject, purpose, details, contact } = planted;
    expect((await read(cases.appeal)).words).toEqual({ statement });
    expect((await read(cases.consent)).words).toEqual({ subject, purpose });
    expect((await read(cases.report)).words).toEqual({ details, contact });
    // A backup of the words, from before.
    await admin.query('create table public.backup as select * from moderation.case_words');
    for (const caseId of [cases.appeal, cases.consent, cases.report]) {
      await fleet.requests.request(eraseCase, { caseId });
      expect((await read(caseId)).words).toBeNull();
    }
    await expectCasesLeft();
    await admin.query(`update moderation.case_words w
      set (ciphertext, nonce, erased_at) = (b.ciphertext, b.nonce, null)
      from public.backup b where b.case_id = w.case_id`);
    for (const caseId of [cases.appeal, cases.consent, cases.report]) {
      expect((await read(caseId)).words).toBeNull();
    }
  });
});

async function expectCasesLeft(): Promise<void> {
  const decided = (await client.get(`/api/v1/decisions/${cases.decision}`)).json;
  expect(decisionAnswer.parse(decided).data.appeal).toMatchObject({
    id: cases.appeal,
    state: 'open',
  });
  const consent = consentAnswer.parse((await client.get(`/api/v1/consents/${cases.consent}`)).json);
  expect(consent.data).toMatchObject({ subject: null, purpose: null, live: false });
  const text = 'select job_id, reason, state from moderation.reports where report_id = $1';
  const { rows } = await admin.query(text, [cases.report]);
  expect(rows).toEqual([{ job_id: jobId, reason: 'likeness', state: 'open' }]);
  const keys = 'select from moderation.case_keys where case_id = any($1)';
  const ids = [cases.appeal, cases.consent, cases.report];
  expect((await admin.query(keys, [ids])).rowCount).toBe(0);
}
