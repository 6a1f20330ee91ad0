import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cancelJob, getUsage, listJobs, newId, submitJob } from '@safelight/contracts';
import { kyselyOn } from '@safelight/postgres';
import type { z } from 'zod';
import { jobPage } from '../job/job.page.sql.js';
import { attemptCompletes, endOf, submission } from './customer.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

const accountId = newId('acc');

async function job(metadata: Record<string, string>, by = accountId): Promise<string> {
  const request = { ...submission(), accountId: by, metadata };
  await fixture.client.request(submitJob, request);
  return request.jobId;
}
async function page(filter: Partial<z.input<typeof listJobs.request>>) {
  const all = { accountId, limit: 100, before: null, status: null };
  const { jobs, next } = await fixture.client.request(listJobs, { ...all, ...filter });
  return { ids: jobs.map(({ id }) => id), jobs, next };
}

describe('the usage of an account', () => {
  it('counts jobs by day, model and key, and what they cost', async () => {
    const own = newId('acc');
    const [one, other] = [newId('key'), newId('key')];
    for (const keyId of [one, one, other]) {
      const request = { ...submission(), accountId: own, keyId };
      await fixture.client.request(submitJob, request);
      if (keyId !== one) continue;
      attemptCompletes(fixture, request.jobId);
      await endOf(fixture, request.jobId);
    }
    const [from, to] = [-1, 1].map((hours) => new Date(Date.now() + hours * 3_600_000));
    const between = { from: from!.toISOString(), to: to!.toISOString() };
    const usage = { accountId: own, ...between };
    const { rows } = await fixture.client.request(getUsage, usage);
    const sums = (key: string) =>
      rows
        .filter(({ keyId }) => keyId === key)
        .map((row) => [row.jobs, row.completed, row.capturedMicros]);
    expect(sums(one)).toEqual([[2, 2, 2_000_000n]]);
    expect(sums(other)).toEqual([[1, 0, 0n]]);
    expect(rows.every(({ model }) => model === 'builtin/atelier')).toBe(true);
    const earlier = { ...usage, from: '2026-01-01T00:00:00Z', to: between.from };
    expect(await fixture.client.request(getUsage, earlier)).toEqual({ rows: [] });
  });
});

describe('a filter of the list of jobs', () => {
  it('finds by all of the pairs asked for, page by page, and nobody else’s', async () => {
    const made: string[] = [];
    for (const shelf of ['a', 'b', 'a', 'a']) made.push(await job({ shelf, row: '7' }));
    await job({ shelf: 'a', row: '8' });
    await job({ shelf: 'a', row: '7' }, newId('acc'));
    const [first, , third, fourth] = made;
    const wanted = { metadata: { shelf: 'a', row: '7' } };
    expect((await page(wanted)).ids).toEqual([fourth, third, first]);
    const one = await page({ ...wanted, limit: 2 });
    expect(one.ids).toEqual([fourth, third]);
    expect((await page({ ...wanted, limit: 2, before: one.next })).ids).toEqual([first]);
    expect((await page({ metadata: { shelf: 'c' } })).ids).toEqual([]);
  });

  it('finds by time, state and type together', async () => {
    const early = await job({ kind: 'clock' });
    const late = await job({ kind: 'clock' });
    const metadata = { kind: 'clock' };
    const { jobs } = await page({ metadata });
    const at = jobs[0]!.createdAt;
    const next = new Date(Date.parse(at) + 1).toISOString();
    expect((await page({ metadata, createdAfter: at, createdBefore: next })).ids).toContain(late);
    expect((await page({ metadata, createdAfter: next })).ids).toEqual([]);
    expect((await page({ createdBefore: jobs.at(-1)!.createdAt })).ids).not.toContain(early);
    await fixture.client.request(cancelJob, { jobId: early, accountId });
    expect((await page({ metadata, status: 'cancelled', type: 'generate' })).ids).toEqual([early]);
    expect((await page({ metadata, type: 'upscale' })).ids).toEqual([]);
  });

  it('reads along an index, whatever it asks for', async () => {
    const filter = { metadata: { a: '1', b: '2' }, status: null, type: null, before: 'z' };
    const times = { createdAfter: null, createdBefore: '2026-01-01T00:00:00Z' };
    const wanted = jobPage({ accountId, limit: 20, ...filter, ...times });
    const { sql, parameters } = wanted.compile(kyselyOn(fixture.admin));
    const { rows } = await fixture.admin.query<{ 'QUERY PLAN': string }>(
      `explain ${sql.replaceAll(/\b(jobs|job_labels) /g, 'orchestrator.$1 ')}`,
      [...parameters],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('job_labels_pkey');
    expect(plan).not.toMatch(/Seq Scan|Sort/);
  });
});
