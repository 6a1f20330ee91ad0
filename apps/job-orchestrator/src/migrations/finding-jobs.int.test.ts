import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { createPool, migrate, provision } from '@safelight/postgres';
import { testPostgres, type TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { migrations, schema } from './index.js';

let postgres: TestPostgres;
let admin: pg.Pool;
let url: string;
beforeAll(async () => {
  postgres = await testPostgres();
  const { url: adminUrl } = await postgres.database();
  const services = [{ name: schema, password: 'runtime', ownerPassword: 'owner' }];
  url = (await provision({ adminUrl, services }))[schema]!.migrationUrl;
  admin = createPool({ url: adminUrl, applicationName: 'test' });
});
afterAll(async () => {
  await admin.end();
  await postgres.stop();
});

it('an upgrade fills in metadata and keys of the jobs that are there', async () => {
  await migrate({ url, schema, migrations: migrations.slice(0, 2) });
  const [jobId, accountId, keyId] = [newId('job'), newId('acc'), newId('key')];
  const metadata = JSON.stringify({ shelf: 'b', note: '' });
  await admin.query(
    `insert into orchestrator.jobs (job_id, account_id, status, spec, metadata, price_micros,
       attempt, created_at, deadline_at, look_at)
     values ($1, $2, 'pending', '{}', $3, 1, 0, now(), now(), now())`,
    [jobId, accountId, metadata],
  );
  await admin.query(
    `insert into orchestrator.events (stream_id, version, event_id, command_id, command_index, type,
       schema_version, payload, metadata, sha256)
     values ('job-' || $1, 1, gen_random_uuid(), 'c', 0, 'JobSubmitted', 1, $2, '{}',
       sha256('a'))`,
    [jobId, JSON.stringify({ keyId })],
  );
  await migrate({ url, schema, migrations });
  const labels = await admin.query('select * from orchestrator.job_labels order by name');
  const label = { account_id: accountId, job_id: jobId };
  expect(labels.rows).toEqual([
    { ...label, name: 'note', value: '' },
    { ...label, name: 'shelf', value: 'b' },
  ]);
  const jobs = await admin.query('select key_id from orchestrator.jobs');
  expect(jobs.rows).toEqual([{ key_id: keyId }]);
});
