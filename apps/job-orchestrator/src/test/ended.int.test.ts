import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cancelJob,
  eraseJob,
  fetchInput,
  getJob,
  getTimeline,
  newId,
  retryJob,
  submitJob,
  withdrawConsent,
  withholdOutput,
} from '@safelight/contracts';
import { SealedObjects } from '@safelight/object-store';
import {
  accountId,
  attemptCompletes,
  attemptFails,
  endOf,
  storyOf,
  submission,
  viewOf,
} from './customer.js';
import { FORBIDDEN_WORD } from './fake-neighbours.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

const picture = Buffer.from('not really a picture');
const refusedWith = (code: string) => expect.objectContaining({ name: 'DomainError', code });

/** Submits a job that begins with a picture. */
async function withPicture(prompt = 'a lake', leaning: { consent?: string } = {}) {
  const base = submission({ prompt });
  const key = `jobs/${base.jobId}/inputs/one`;
  const { dataKey, digest } = await new SealedObjects(fixture.store).put(key, picture);
  const input = { role: 'image' as const, key, digest, mediaType: 'image/png' as const };
  const request = {
    ...base,
    spec: { ...base.spec, ...leaning, inputs: [{ ...input, width: 64, height: 64 }] },
    content: { ...base.content, inputs: [{ dataKey, digests: ['1'.repeat(64)] }] },
  };
  await fixture.client.request(submitJob, request);
  return { jobId: base.jobId, key };
}

async function failed() {
  const made = await withPicture();
  attemptFails(fixture, made.jobId, true);
  await endOf(fixture, made.jobId);
  return made;
}

const retry = (jobId: string, newJobId = newId('job'), by = accountId) => {
  const ids = { jobId, newJobId, accountId: by, keyId: newId('key') };
  return fixture.client.request(retryJob, ids);
};
const erase = (jobId: string, by = accountId) =>
  fixture.client.request(eraseJob, { jobId, accountId: by });

describe('a failed job', () => {
  it('is made again as a new one with copies of its own, at a hold of its own', async () => {
    const old = await failed();
    const newJobId = newId('job');
    const first = await retry(old.jobId, newJobId);
    expect(first).toMatchObject({ status: 'pending', priceMicros: 1_000_000n });
    expect(await retry(old.jobId, newJobId)).toEqual(first);
    expect(fixture.billing.holds.get(newJobId)?.settlement).toBeUndefined();
    const view = await viewOf(fixture, newJobId);
    expect(view).toMatchObject({ retryOf: old.jobId, status: 'pending', deletedAt: null });

    await erase(old.jobId);
    const { spec, content } = await fixture.client.request(fetchInput, {
      jobId: newJobId,
      attempt: 1,
    });
    expect(content.prompt).toBe('a lake');
    const [input, secret] = [spec.inputs[0]!, content.inputs[0]!];
    expect(input.key).not.toBe(old.key);
    const objects = new SealedObjects(fixture.store);
    expect(await objects.open(input.key, secret.dataKey, input.digest)).toEqual(picture);
    const { events } = await fixture.client.request(getTimeline, { jobId: newJobId, accountId });
    expect(events[0]?.data).toMatchObject({ retryOf: old.jobId });
  });

  it('cannot be made again once it is deleted, nor by a stranger, nor before it failed', async () => {
    const old = await failed();
    await expect(retry(old.jobId, newId('job'), newId('acc'))).rejects.toEqual(
      refusedWith('job.not_found'),
    );
    await erase(old.jobId);
    await expect(retry(old.jobId)).rejects.toEqual(refusedWith('job.erased'));
    const { jobId } = await withPicture();
    await expect(retry(jobId)).rejects.toEqual(refusedWith('job.not_failed'));
  });

  it('stays whole when it is refused the second time, and can be tried again', async () => {
    const old = await failed();
    fixture.dispatch.refusing = 'dispatch.unavailable';
    const newJobId = newId('job');
    await expect(retry(old.jobId, newJobId)).rejects.toEqual(refusedWith('dispatch.unavailable'));
    fixture.dispatch.refusing = undefined;
    await expect(fixture.client.request(getJob, { jobId: newJobId, accountId })).rejects.toEqual(
      refusedWith('job.not_found'),
    );
    expect(await fixture.store.exists(old.key)).toBe(true);
    await retry(old.jobId, newJobId);
  });
});

describe('a job that has ended', () => {
  it('can be deleted: words, pictures and outputs are gone, its events stay', async () => {
    const { jobId, key } = await withPicture('a very private lake');
    attemptCompletes(fixture, jobId);
    await endOf(fixture, jobId);
    const { rows } = await fixture.admin.query<{ reported: { key: string }[] }>(
      'select reported from orchestrator.jobs where job_id = $1',
      [jobId],
    );
    const output = rows[0]!.reported[0]!.key;
    await fixture.store.put(output, picture, { mediaType: 'image/png' });
    expect((await viewOf(fixture, jobId)).outputs).toHaveLength(1);

    const view = await erase(jobId);
    expect(view).toMatchObject({ status: 'completed', outputs: [] });
    expect(view.deletedAt).not.toBeNull();
    for (const one of [key, output]) expect(await fixture.store.exists(one)).toBe(false);
    const words = 'select * from orchestrator.contents where job_id = $1';
    expect((await fixture.admin.query(words, [jobId])).rows).toEqual([]);
    expect((await storyOf(fixture, jobId)).at(-1)).toBe('ContentErased');

    expect(await erase(jobId)).toEqual(view);
    expect((await storyOf(fixture, jobId)).filter((type) => type === 'ContentErased')).toHaveLength(
      1,
    );
  });

  it('leaves nothing of any attempt, also of those that were never reported', async () => {
    const { jobId } = await withPicture();
    const png = { mediaType: 'image/png' };
    const unreported = [1, 2, 7].map((attempt) => `jobs/${jobId}/${attempt}/${newId('out')}.png`);
    for (const key of unreported) await fixture.store.put(key, picture, png);
    const other = await failed();
    await fixture.client.request(cancelJob, { jobId, accountId });
    await erase(jobId);
    const left: string[] = [];
    for await (const keys of fixture.store.list('jobs')) left.push(...keys);
    expect(left.filter((key) => key.includes(jobId))).toEqual([]);
    expect(left).toContain(other.key);
  });

  it('is the only one: an open job and another account’s stay', async () => {
    const { jobId, key } = await withPicture();
    await expect(erase(jobId)).rejects.toEqual(refusedWith('job.open'));
    const other = await failed();
    await expect(erase(other.jobId, newId('acc'))).rejects.toEqual(refusedWith('job.not_found'));
    for (const one of [key, other.key]) expect(await fixture.store.exists(one)).toBe(true);
  });
});

describe('a consent that is over', () => {
  const consentId = newId('cns');
  const withdraw = (by = accountId) =>
    fixture.client.request(withdrawConsent, { accountId: by, consentId });

  it('ends what leans on it, and nothing else', async () => {
    const ours = { consent: consentId };
    const done = await withPicture('a lake', ours);
    attemptCompletes(fixture, done.jobId);
    await endOf(fixture, done.jobId);
    const open = await withPicture('a lake', ours);
    const others = [await withPicture('a lake', { consent: newId('cns') }), await withPicture()];
    expect(await withdraw(newId('acc'))).toEqual({ cancelled: 0, erased: 0, left: false });

    expect(await withdraw()).toEqual({ cancelled: 1, erased: 1, left: true });
    expect(await viewOf(fixture, open.jobId)).toMatchObject({
      ...{ status: 'cancelled', failure: { code: 'consent.revoked' } },
      settlement: { kind: 'voided', capturedMicros: 0n },
    });
    // Now that it has ended, what it was made of goes too.
    expect(await withdraw()).toEqual({ cancelled: 0, erased: 1, left: false });
    expect(await withdraw()).toEqual({ cancelled: 0, erased: 0, left: false });
    for (const { jobId, key } of [done, open]) {
      expect((await viewOf(fixture, jobId)).deletedAt).not.toBeNull();
      expect(await fixture.store.exists(key)).toBe(false);
    }
    for (const { jobId, key } of others) {
      expect(await viewOf(fixture, jobId)).toMatchObject({ status: 'pending', deletedAt: null });
      expect(await fixture.store.exists(key)).toBe(true);
    }
  });
});

describe('an output that is withheld', () => {
  it('is shown to nobody until the last case gives it back', async () => {
    const { jobId } = await withPicture();
    attemptCompletes(fixture, jobId);
    await endOf(fixture, jobId);
    const [{ outputId } = { outputId: '' }] = (await viewOf(fixture, jobId)).outputs;
    const [one, two] = [newId('rpt'), newId('rpt')];
    const shown = async (caseId: string, withheld: boolean) => {
      await fixture.client.request(withholdOutput, { jobId, outputId, caseId, withheld });
      return (await viewOf(fixture, jobId)).outputs.length;
    };
    expect([await shown(one, true), await shown(one, true), await shown(two, true)]).toEqual([
      0, 0, 0,
    ]);
    expect([await shown(one, false), await shown(two, false)]).toEqual([0, 1]);
    const story = (await storyOf(fixture, jobId)).filter((type) => type.startsWith('OutputW'));
    expect(story).toEqual(['OutputWithheld', 'OutputWithheld']);
  });
});

describe('what is told of a job’s pictures', () => {
  it('never says what opens them', async () => {
    const { jobId } = await withPicture();
    const { content } = await fixture.client.request(fetchInput, { jobId, attempt: 1 });
    const secret = content.inputs[0]!.dataKey;
    const events = await fixture.admin.query(
      'select e::text from orchestrator.events e where stream_id like $1',
      [`%${jobId}`],
    );
    const row = 'select j::text from orchestrator.jobs j where job_id = $1';
    const rows = await fixture.admin.query(row, [jobId]);
    const told = JSON.stringify([events.rows, rows.rows, fixture.logged()]);
    expect(events.rowCount).toBeGreaterThan(3);
    expect(told).not.toContain(secret);
  });

  it('is held back with the job where the words are refused', async () => {
    await expect(withPicture(FORBIDDEN_WORD)).rejects.toEqual(refusedWith('prompt.blocked'));
  });
});
