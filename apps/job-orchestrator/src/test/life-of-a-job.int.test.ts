import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cancelJob,
  fetchInput,
  getJob,
  getTimeline,
  listJobs,
  newId,
  progressSubject,
  submitJob,
} from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import {
  WORKER_ID,
  accountId,
  attemptCompletes,
  attemptFails,
  attemptStarts,
  endOf,
  recorded,
  storyOf,
  submission,
  submitted,
  viewOf,
} from './customer.js';
import { FORBIDDEN_DIGEST } from './fake-neighbours.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

const good = (index: number) => String(index).repeat(64);
const refusedWith = (code: string) => expect.objectContaining({ name: 'DomainError', code });
const accepted = ['JobSubmitted', 'PromptScreened', 'CreditsHeld', 'JobQueued'];
const paid = ['OutputsReported', 'OutputsChecked', 'CreditsSettled', 'JobCompleted'];

describe('a job that goes well', () => {
  it('is taken on, run, checked, paid and released', async () => {
    const request = submission({ images: 2 });
    const { jobId } = request;
    const reply = await fixture.client.request(submitJob, request);
    expect(reply).toMatchObject({ status: 'pending', priceMicros: 2_000_000n, queuePosition: 1 });
    expect(await viewOf(fixture, jobId)).toMatchObject({ status: 'pending', outputs: [] });

    attemptStarts(fixture, jobId);
    await recorded(fixture, jobId, 'AttemptStarted');
    const input = await fixture.client.request(fetchInput, { jobId, attempt: 1 });
    expect(input).toMatchObject({ accountId, content: request.content });
    expect(input.spec).toMatchObject({ model: 'builtin/atelier', steps: 20 });

    const progress = { jobId, attempt: 1, percent: 40 };
    fixture.client.publishProgress(progressSubject(jobId), progress);
    await eventually(async () => (await viewOf(fixture, jobId)).progress === 40);

    attemptCompletes(fixture, jobId, { digests: [good(1), good(2)] });
    const end = await endOf(fixture, jobId);
    const settlement = { kind: 'captured', capturedMicros: 2_000_000n, refundedMicros: 0n };
    expect(end).toMatchObject({ status: 'completed', settlement, failure: null });

    const view = await viewOf(fixture, jobId);
    expect(view).toMatchObject({ status: 'completed', progress: 100, attempt: 1, settlement });
    expect(view.metadata).toEqual({ shelf: 'b' });
    expect(view.outputs.map(({ receipt }) => receipt.verdict)).toEqual(['pass', 'pass']);
    expect(view.outputs.map(({ digest }) => digest)).toEqual([good(1), good(2)]);
    expect(await storyOf(fixture, jobId)).toEqual([...accepted, 'AttemptStarted', ...paid]);
    await expect(fixture.client.request(fetchInput, { jobId, attempt: 1 })).rejects.toEqual(
      refusedWith('job.ended'),
    );
  });

  it('tells its story without what is not the customer’s to know', async () => {
    const jobId = await submitted(fixture);
    attemptStarts(fixture, jobId);
    attemptCompletes(fixture, jobId);
    await endOf(fixture, jobId);
    const { events } = await fixture.client.request(getTimeline, { jobId, accountId });
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual([...accepted, 'AttemptStarted', ...paid]);
    expect(events[4]?.data).toEqual({ attempt: 1 });
    expect(JSON.stringify(events)).not.toContain(WORKER_ID);
  });

  it('has started when its attempt did, also when that is told only with the end', async () => {
    const jobId = await submitted(fixture);
    const startedAt = '2026-01-01T00:00:00.000Z';
    attemptCompletes(fixture, jobId, { startedAt });
    await endOf(fixture, jobId);
    expect(await storyOf(fixture, jobId)).toEqual([...accepted, 'AttemptStarted', ...paid]);
    expect((await viewOf(fixture, jobId)).startedAt).toBe(startedAt);
    const { events } = await fixture.client.request(getTimeline, { jobId, accountId });
    expect(events[4]).toMatchObject({ type: 'AttemptStarted', at: startedAt });
  });

  it('releases and charges three of four when one is refused', async () => {
    const jobId = await submitted(fixture, { images: 4 });
    attemptStarts(fixture, jobId);
    const digests = [good(1), FORBIDDEN_DIGEST, good(3), good(4)];
    attemptCompletes(fixture, jobId, { digests });
    const { settlement } = await endOf(fixture, jobId);
    expect(settlement).toMatchObject({ capturedMicros: 3_000_000n, refundedMicros: 1_000_000n });
    const { status, outputs } = await viewOf(fixture, jobId);
    expect(status).toBe('completed');
    expect(outputs.map(({ digest }) => digest)).toEqual([good(1), good(3), good(4)]);
  });
});

describe('a job that does not go well', () => {
  it('is refunded after its last attempt failed, in words that tell nothing of the worker', async () => {
    const jobId = await submitted(fixture);
    attemptStarts(fixture, jobId);
    attemptFails(fixture, jobId, false);
    attemptStarts(fixture, jobId, 2);
    attemptFails(fixture, jobId, true, 2);
    const end = await endOf(fixture, jobId);
    expect(end).toMatchObject({ status: 'failed', settlement: { kind: 'voided' } });
    const { failure } = await viewOf(fixture, jobId);
    expect(failure?.code).toBe('engine.failed');
    expect(failure?.message).not.toContain('gpu-7');
  });

  it('is blocked and refunded when every output is refused', async () => {
    const jobId = await submitted(fixture);
    attemptCompletes(fixture, jobId, { digests: [FORBIDDEN_DIGEST] });
    expect(await endOf(fixture, jobId)).toMatchObject({
      status: 'blocked',
      settlement: { kind: 'voided', capturedMicros: 0n },
      failure: { code: 'output.blocked' },
    });
    expect((await viewOf(fixture, jobId)).outputs).toEqual([]);
  });

  it('gives nothing away when its hold has lapsed', async () => {
    const jobId = await submitted(fixture);
    fixture.billing.lapse(jobId);
    attemptCompletes(fixture, jobId);
    expect(await endOf(fixture, jobId)).toMatchObject({
      status: 'failed',
      settlement: { kind: 'expired' },
      failure: { code: 'hold.expired' },
    });
    expect((await viewOf(fixture, jobId)).outputs).toEqual([]);
  });

  it('ends though billing knows nothing of its hold', async () => {
    const jobId = await submitted(fixture);
    fixture.billing.holds.delete(jobId);
    attemptFails(fixture, jobId, true);
    const settlement = { kind: 'voided', capturedMicros: 0n, refundedMicros: 1_000_000n };
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'failed', settlement });
  });

  it('ignores what a superseded attempt reports', async () => {
    const jobId = await submitted(fixture);
    attemptStarts(fixture, jobId, 2);
    attemptCompletes(fixture, jobId, { attempt: 1, digests: [good(1)] });
    attemptCompletes(fixture, jobId, { attempt: 2, digests: [good(2)] });
    await endOf(fixture, jobId);
    const { attempt, outputs } = await viewOf(fixture, jobId);
    expect(attempt).toBe(2);
    expect(outputs.map(({ digest }) => digest)).toEqual([good(2)]);
  });
});

describe('another account', () => {
  it('sees of a job exactly what it sees of one that never was', async () => {
    const jobId = await submitted(fixture);
    const stranger = newId('acc');
    for (const operation of [getJob, getTimeline]) {
      const ask = (id: string) =>
        fixture.client
          .request(operation, { jobId: id, accountId: stranger })
          .catch((error: unknown) => JSON.stringify(error));
      const never = await ask(newId('job'));
      expect(never).toContain('job.not_found');
      expect(await ask(jobId)).toEqual(never);
    }
    const page = { accountId: stranger, limit: 10, before: null, status: null };
    expect(await fixture.client.request(listJobs, page)).toEqual({ jobs: [], next: null });
  });
});

describe('the list of jobs', () => {
  it('goes page by page, newest first', async () => {
    const own = newId('acc');
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const request = { ...submission(), accountId: own };
      await fixture.client.request(submitJob, request);
      ids.push(request.jobId);
    }
    const pageAfter = (before: string | null) =>
      fixture.client.request(listJobs, { accountId: own, limit: 2, before, status: null });
    const seen: string[] = [];
    for (let page = await pageAfter(null); ; page = await pageAfter(page.next)) {
      seen.push(...page.jobs.map(({ id }) => id));
      if (page.next === null) break;
    }
    expect(seen).toEqual(ids.toReversed());
  });
});

describe('a job that its customer cancels', () => {
  const cancel = (jobId: string, by = accountId) =>
    fixture.client.request(cancelJob, { jobId, accountId: by });

  it('ends with all of its credits back, however often and from wherever it is cancelled', async () => {
    const jobId = await submitted(fixture);
    const answers = await Promise.all([cancel(jobId), cancel(jobId), cancel(jobId)]);
    const again = await cancel(jobId);
    for (const answer of [...answers, again]) {
      expect(answer).toMatchObject({
        status: 'cancelled',
        settlement: { kind: 'voided', capturedMicros: 0n, refundedMicros: 1_000_000n },
        failure: { code: 'job.cancelled' },
      });
    }
    const ends = ['CancellationRequested', 'CreditsSettled', 'JobCancelled'];
    expect(await storyOf(fixture, jobId)).toEqual([...accepted, ...ends]);
  });

  it('goes on to its end when that has begun, and nobody else can cancel it', async () => {
    const jobId = await submitted(fixture);
    await expect(cancel(jobId, newId('acc'))).rejects.toEqual(refusedWith('job.not_found'));
    await expect(cancel(newId('job'))).rejects.toEqual(refusedWith('job.not_found'));
    attemptStarts(fixture, jobId);
    attemptCompletes(fixture, jobId, { digests: [good(1)] });
    await endOf(fixture, jobId);
    await expect(cancel(jobId)).rejects.toEqual(refusedWith('job.ended'));
    expect(await viewOf(fixture, jobId)).toMatchObject({ status: 'completed' });
  });
});
