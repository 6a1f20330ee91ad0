import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelJob, eraseJob, newId, submitJob } from '@safelight/contracts';
import { kyselyOn } from '@safelight/postgres';
import { eventually } from '@safelight/testing';
import { OrphanSweep } from '../ended/orphan-sweep.js';
import type { OrchestratorTables } from '../tables.js';
import { accountId, attemptCompletes, endOf, submission } from './customer.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

const HOUR_MS = 60 * 60_000;
/** The service's own sweep leaves younger files alone: it begins at its start and would take some first. */
const patient = { JOB_DEADLINE_MS: String(24 * HOUR_MS) };
const png = { mediaType: 'image/png' };
const bytes = Buffer.from('a picture');

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start(patient);
});
afterAll(() => fixture.stop());

const sweepOf = (olderThanMs = HOUR_MS) => {
  // The tables as a superuser sees them: their schema is named in the search path of the service's role.
  const db = kyselyOn<OrchestratorTables>(fixture.admin).withSchema('orchestrator');
  const { store, telemetry } = fixture;
  return new OrphanSweep({ db, store, telemetry, olderThanMs, everyMs: HOUR_MS });
};

/** Makes the file of the object two hours old. */
async function age(key: string): Promise<void> {
  const names = await readdir(fixture.objects, { recursive: true });
  const name = names.find((path) => path.endsWith(key.replaceAll('/', '~')));
  const longAgo = new Date(Date.now() - 2 * HOUR_MS);
  await utimes(join(fixture.objects, name!), longAgo, longAgo);
}

async function put(jobId: string, name: string): Promise<string> {
  const key = `jobs/${jobId}/${name}`;
  await fixture.store.put(key, bytes, png);
  return key;
}

async function submitted(): Promise<string> {
  const request = submission();
  await fixture.client.request(submitJob, request);
  return request.jobId;
}

const there = (key: string) => fixture.store.exists(key);

describe('the sweep of orphaned objects', () => {
  it('deletes what no job names any more, and nothing else', async () => {
    const open = await submitted();
    const done = await submitted();
    attemptCompletes(fixture, done);
    await endOf(fixture, done);
    const reported = 'select reported -> 0 ->> $2 as key from orchestrator.jobs where job_id = $1';
    const { rows } = await fixture.admin.query<{ key: string }>(reported, [done, 'key']);
    await fixture.store.put(rows[0]!.key, bytes, png);
    const erased = await submitted();
    await fixture.client.request(cancelJob, { jobId: erased, accountId });
    await fixture.client.request(eraseJob, { jobId: erased, accountId });
    const kept = [rows[0]!.key, await put(open, '1/a.png')];
    const orphans = [
      await put(newId('job'), '1/never-submitted.png'),
      await put(done, '9/unreported.png'),
      // A worker that had not heard of the end.
      await put(erased, '1/late.png'),
    ];
    for (const key of [...kept, ...orphans]) await age(key);
    const young = await put(newId('job'), '1/just-put.png');
    expect(await sweepOf().run()).toBe(orphans.length);
    expect(await Promise.all(orphans.map(there))).toEqual(orphans.map(() => false));
    expect(await Promise.all([...kept, young].map(there))).toEqual([true, true, true]);
  });

  it('harms no job that is being submitted meanwhile', async () => {
    const sweep = sweepOf();
    const jobs = Array.from({ length: 30 }, async () => {
      const request = submission();
      const key = await put(request.jobId, '1/a.png');
      await fixture.client.request(submitJob, request);
      return key;
    });
    const sweeping = Array.from({ length: 5 }, () => sweep.run());
    const keys = await Promise.all(jobs);
    await Promise.all(sweeping);
    expect(await Promise.all(keys.map(there))).toEqual(keys.map(() => true));
  });

  it('is done by the service by itself', async () => {
    const orphan = await put(newId('job'), '1/orphan.png');
    await age(orphan);
    const margin = { JOB_DEADLINE_MS: '1', ORPHAN_SWEEP_EVERY_MS: '50' };
    const service = await fixture.start(margin);
    await eventually(async () => !(await there(orphan)));
    await service.close();
  });
});
