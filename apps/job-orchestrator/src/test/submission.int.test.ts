import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endAccountJobs, findAccepted, getJob, newId, submitJob } from '@safelight/contracts';
import { accountId, storyOf, submission, viewOf } from './customer.js';
import { FORBIDDEN_WORD } from './fake-neighbours.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

const accepted = ['JobSubmitted', 'PromptScreened', 'CreditsHeld', 'JobQueued'];
const unavailable = expect.objectContaining({ name: 'Unavailable', code: 'service.unavailable' });

describe('a submission', () => {
  it('with a blocked prompt is refused, and holds nothing', async () => {
    const request = submission({ prompt: FORBIDDEN_WORD });
    await expect(fixture.client.request(submitJob, request)).rejects.toMatchObject({
      code: 'prompt.blocked',
      details: { policyVersion: '1', ruleId: 'rule', category: 'test' },
    });
    expect(fixture.billing.holds.has(request.jobId)).toBe(false);
    expect(await storyOf(fixture, request.jobId)).toEqual([]);
  });

  it('without credits is refused', async () => {
    const before = fixture.billing.availableMicros;
    fixture.billing.availableMicros = 1n;
    const request = submission();
    await expect(fixture.client.request(submitJob, request)).rejects.toMatchObject({
      code: 'credits.insufficient',
      details: { priceMicros: '1000000', availableMicros: '1' },
    });
    fixture.billing.availableMicros = before;
    expect(await storyOf(fixture, request.jobId)).toEqual([]);
  });

  it.each(['moderation', 'dispatch', 'billing'] as const)(
    'is refused for now while %s is away, and holds nothing',
    async (name) => {
      const { moderation, billing, dispatch } = fixture;
      const parts = { moderation, billing: billing.service, dispatch: dispatch.service };
      await parts[name].down();
      const request = submission();
      const answer = fixture.client.request(submitJob, request);
      await expect(answer).rejects.toEqual(unavailable);
      await parts[name].up();
      expect(fixture.billing.holds.has(request.jobId)).toBe(false);
      expect(await storyOf(fixture, request.jobId)).toEqual([]);
    },
  );

  it('repeated gets the same answer, even when nobody would take it on any more', async () => {
    const request = submission();
    const first = await fixture.client.request(submitJob, request);
    const again = await fixture.client.request(submitJob, request);
    fixture.dispatch.refusing = 'dispatch.unavailable';
    const third = await fixture.client.request(submitJob, request);
    fixture.dispatch.refusing = undefined;
    expect([again, third]).toEqual([first, first]);
    expect(await storyOf(fixture, request.jobId)).toEqual(accepted);
  });

  it('is found again as it was answered, by its own account, and one that never was is not', async () => {
    const request = { ...submission(), metadata: { type: 'Job', order: '1' } };
    const accepted = await fixture.client.request(submitJob, request);
    const find = (jobId: string) => fixture.client.request(findAccepted, { jobId, accountId });
    const { metadata } = request;
    expect(await find(request.jobId)).toEqual({ found: { accepted, metadata } });
    expect(await find(newId('job'))).toEqual({ found: null });
    const stranger = { jobId: request.jobId, accountId: newId('acc') };
    await expect(fixture.client.request(findAccepted, stranger)).rejects.toThrow();
  });

  it('repeated to whichever instance gets the same answer', async () => {
    const other = await fixture.start();
    const request = submission();
    const asked = Array.from({ length: 12 }, () => fixture.client.request(submitJob, request));
    const [first, ...others] = await Promise.all(asked);
    for (const answer of others) expect(answer).toEqual(first);
    expect(await storyOf(fixture, request.jobId)).toEqual(accepted);
    expect(fixture.billing.holds.get(request.jobId)?.settlement).toBeUndefined();
    await other.close();
  });

  it('that cannot be stored gives its hold back', async () => {
    const request = { ...submission(), metadata: { note: 'a\u0000b' } };
    await expect(fixture.client.request(submitJob, request)).rejects.toThrow();
    expect(fixture.billing.holds.get(request.jobId)?.settlement?.kind).toBe('voided');
  });

  it('keeps every name and value of its metadata', async () => {
    const metadata = { xMicros: '007', type: 'Job', ключ: '"\\' };
    const request = { ...submission(), metadata };
    await fixture.client.request(submitJob, request);
    expect((await viewOf(fixture, request.jobId)).metadata).toEqual(metadata);
  });
});

describe('an account that is suspended', () => {
  const job = async (by: string) => {
    const request = { ...submission(), accountId: by };
    await fixture.client.request(submitJob, request);
    return request.jobId;
  };

  it('has its open jobs cancelled, gets back what was held, and the events name the cause', async () => {
    const [theirs, suspensionId] = [newId('acc'), `suspension-${newId('dec')}`];
    const open = [await job(theirs), await job(theirs)];
    const other = await job(accountId);
    const end = () => fixture.client.request(endAccountJobs, { accountId: theirs, suspensionId });
    expect(await end()).toEqual({ cancelled: 2, left: false });
    expect(await end()).toEqual({ cancelled: 0, left: false });
    for (const jobId of open) {
      const view = await fixture.client.request(getJob, { jobId, accountId: theirs });
      expect(view).toMatchObject({ status: 'cancelled', failure: { code: 'account.suspended' } });
      expect(view.settlement).toMatchObject({ kind: 'voided', capturedMicros: 0n });
      const { rows } = await fixture.admin.query<{ metadata: { causationId: string } }>(
        `select metadata from orchestrator.events
         where stream_id like $1 and type = 'CancellationRequested'`,
        [`%${jobId}`],
      );
      expect(rows.map(({ metadata }) => metadata.causationId)).toEqual([suspensionId]);
    }
    expect(await viewOf(fixture, other)).toMatchObject({ status: 'pending' });
  });
});
