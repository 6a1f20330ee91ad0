import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dispatchStream, fetchInput, newId } from '@safelight/contracts';
import { fold } from '@safelight/event-sourcing';
import { eventually } from '@safelight/testing';
import type { JobEvent } from '../job/job.js';
import { jobDecider } from '../job/job.js';
import {
  attemptCompletes,
  attemptFails,
  attemptStarts,
  endOf,
  recorded,
  storyOf,
  submitted,
  viewOf,
} from './customer.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

const ends = ['JobCompleted', 'JobFailed', 'JobBlocked', 'JobCancelled'];
const endsIn = (story: string[]) => story.filter((type) => ends.includes(type));

describe('an orchestrator among faults', () => {
  it('charges once though billing was away at the capture', async () => {
    const service = await fixture.start();
    const jobId = await submitted(fixture);
    const before = fixture.billing.resolutions;
    await fixture.billing.service.down();
    attemptCompletes(fixture, jobId);
    await recorded(fixture, jobId, 'OutputsChecked');
    expect(await viewOf(fixture, jobId)).toMatchObject({ status: 'processing', outputs: [] });
    await fixture.billing.service.up();
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'completed' });
    expect(fixture.billing.resolutions).toBe(before + 1);
    await service.close();
  });

  it('releases nothing while moderation is away, and ends once it is back', async () => {
    const service = await fixture.start();
    const jobId = await submitted(fixture);
    await fixture.moderation.down();
    attemptCompletes(fixture, jobId);
    await recorded(fixture, jobId, 'OutputsReported');
    expect(fixture.billing.holds.get(jobId)?.settlement).toBeUndefined();
    expect((await viewOf(fixture, jobId)).outputs).toEqual([]);
    await fixture.moderation.up();
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'completed' });
    await service.close();
  });

  it('goes on after a restart where it stopped', async () => {
    const first = await fixture.start();
    const jobId = await submitted(fixture);
    await fixture.billing.service.down();
    attemptCompletes(fixture, jobId);
    await recorded(fixture, jobId, 'OutputsChecked');
    await first.close();
    await fixture.billing.service.up();
    const second = await fixture.start();
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'completed' });
    expect(endsIn(await storyOf(fixture, jobId))).toEqual(['JobCompleted']);
    await second.close();
  });

  it('settles, on two instances at once, every job once though every message comes twice', async () => {
    const instances = [await fixture.start(), await fixture.start()];
    const before = fixture.billing.resolutions;
    const jobIds = await Promise.all(Array.from({ length: 40 }, () => submitted(fixture)));
    jobIds.forEach((jobId, index) => {
      // Every other job hears of its outputs before it hears of its start.
      if (index % 2 === 0) attemptStarts(fixture, jobId, 1, 2);
      attemptCompletes(fixture, jobId, { times: 2 });
      if (index % 2 === 1) attemptStarts(fixture, jobId, 1, 2);
    });
    for (const jobId of jobIds) {
      expect(await endOf(fixture, jobId)).toMatchObject({ status: 'completed' });
      const story = await storyOf(fixture, jobId);
      expect(endsIn(story)).toEqual(['JobCompleted']);
      expect(story.filter((type) => type === 'OutputsReported')).toHaveLength(1);
    }
    expect(fixture.billing.resolutions).toBe(before + jobIds.length);
    await Promise.all(instances.map((service) => service.close()));
  });

  it('charges once though the answer to the capture was lost', async () => {
    const service = await fixture.start();
    const jobId = await submitted(fixture);
    const before = fixture.billing.resolutions;
    fixture.billing.losesAnswers = true;
    attemptCompletes(fixture, jobId);
    await eventually(() => fixture.billing.holds.get(jobId)?.settlement);
    fixture.billing.losesAnswers = false;
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'completed' });
    expect(fixture.billing.resolutions).toBe(before + 1);
    await service.close();
  });

  it('completes what another instance had captured when the deadline passed', async () => {
    const env = { JOB_DEADLINE_MS: '300', JOB_SWEEP_EVERY_MS: '20' };
    const service = await fixture.start(env);
    const jobId = await submitted(fixture);
    await fixture.moderation.down();
    attemptCompletes(fixture, jobId);
    await recorded(fixture, jobId, 'OutputsReported');
    fixture.billing.captureWhole(jobId);
    await recorded(fixture, jobId, 'CreditsSettled');
    expect(endsIn(await storyOf(fixture, jobId))).toEqual([]);
    await fixture.moderation.up();
    await lookNow(fixture, jobId);
    expect(await endOf(fixture, jobId)).toMatchObject({
      status: 'completed',
      settlement: { kind: 'captured' },
    });
    expect((await viewOf(fixture, jobId)).outputs).toHaveLength(1);
    await service.close();
  });

  it('fails and refunds what is overdue, on whichever of two instances', async () => {
    const env = { JOB_DEADLINE_MS: '200', JOB_SWEEP_EVERY_MS: '20' };
    const instances = [await fixture.start(env), await fixture.start(env)];
    const jobIds = await Promise.all(Array.from({ length: 10 }, () => submitted(fixture)));
    for (const jobId of jobIds) {
      expect(await endOf(fixture, jobId)).toMatchObject({
        status: 'failed',
        settlement: { kind: 'voided', capturedMicros: 0n },
        failure: { code: 'job.deadline_exceeded' },
      });
      expect((await storyOf(fixture, jobId)).slice(4)).toEqual([
        'DeadlineExceeded',
        'CreditsSettled',
        'JobFailed',
      ]);
      // A worker that comes too late changes nothing.
      attemptCompletes(fixture, jobId);
    }
    await Promise.all(instances.map((service) => service.close()));
    for (const jobId of jobIds)
      expect(endsIn(await storyOf(fixture, jobId))).toEqual(['JobFailed']);
  });

  it('finishes by sweep what no message will ever finish', async () => {
    const first = await fixture.start();
    const jobId = await submitted(fixture);
    await fixture.billing.service.down();
    attemptFails(fixture, jobId, true);
    await recorded(fixture, jobId, 'AttemptFailed');
    await first.close();
    await fixture.bus.nc.request(`$JS.API.STREAM.PURGE.${dispatchStream.name}`);
    await fixture.billing.service.up();
    await lookNow(fixture, jobId);
    const second = await fixture.start({ JOB_SWEEP_EVERY_MS: '20' });
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'failed' });
    await second.close();
  });

  it('keeps words out of every table and every line of its log', async () => {
    const canary = `canary ${newId('job')} in a coal mine`;
    const service = await fixture.start();
    const jobId = await submitted(fixture, { prompt: canary });
    const { content } = await fixture.client.request(fetchInput, { jobId, attempt: 1 });
    expect(content.prompt).toBe(canary);
    attemptStarts(fixture, jobId);
    attemptCompletes(fixture, jobId);
    await endOf(fixture, jobId);
    await service.close();
    const dump = await dumpOf(fixture);
    expect(dump).toContain(jobId);
    const forms = [
      canary,
      Buffer.from(canary).toString('hex'),
      Buffer.from(canary).toString('base64'),
    ];
    for (const form of forms) {
      expect(dump).not.toContain(form);
      expect(fixture.logged()).not.toContain(form);
    }
    expect(fixture.logged()).toContain(jobId);
  });

  it('keeps rows that say what the events say', async () => {
    const { rows } = await fixture.admin.query<{
      status: string;
      attempt: number;
      story: JobEvent[];
    }>(`select j.status, j.attempt, json_agg(e.payload order by e.version) as story
        from orchestrator.jobs j join orchestrator.events e on e.stream_id = 'job-' || j.job_id
        group by j.job_id`);
    expect(rows.length).toBeGreaterThan(50);
    for (const { story, ...row } of rows) expect(fold(jobDecider, story)).toMatchObject(row);
  });
});

/** As if the time had come when a sweep should look again. */
async function lookNow({ admin }: Fixture, jobId: string): Promise<void> {
  await admin.query('update orchestrator.jobs set look_at = now() where job_id = $1', [jobId]);
}

async function dumpOf({ admin }: Fixture): Promise<string> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name
     from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await admin.query<{ line: string }>(`select t::text as line from ${name} t`);
      return rows.map(({ line }) => line).join('\n');
    }),
  );
  return texts.join('\n');
}
