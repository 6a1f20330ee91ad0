import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getJob, newId, submitJob } from '@safelight/contracts';
import type { TestOutcome } from '@safelight/contracts';
import { attemptCompletes, attemptFails, endOf, submission } from './customer.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

/** From an account that billing has never heard of. */
async function testJob(outcome: TestOutcome) {
  const { spec, ...rest } = submission({ images: 2 });
  const accountId = newId('acc');
  fixture.billing.unknownAccountId = accountId;
  const request = { ...rest, accountId, spec: { ...spec, test: { outcome } } };
  const answer = await fixture.client.request(submitJob, request);
  const view = () => fixture.client.request(getJob, { jobId: request.jobId, accountId });
  return { jobId: request.jobId, answer, view };
}
const nothing = (kind: 'captured' | 'voided') => ({ kind, capturedMicros: 0n, refundedMicros: 0n });

describe('a job of a test key', () => {
  it('shows its price, holds and takes nothing, and hands out what was made', async () => {
    const { jobId, answer, view } = await testJob('pass');
    expect(answer).toMatchObject({ priceMicros: 2_000_000n, availableMicros: 0n });
    attemptCompletes(fixture, jobId);
    const settlement = nothing('captured');
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'completed', settlement });
    const { outputs, priceMicros, spec } = await view();
    expect([outputs.length, priceMicros, spec.test]).toEqual([1, 2_000_000n, { outcome: 'pass' }]);
    expect(fixture.billing.holds.has(jobId)).toBe(false);
  });

  it('is blocked when it asked for that, by a receipt of moderation', async () => {
    const { jobId, view } = await testJob('block');
    attemptCompletes(fixture, jobId);
    const settlement = nothing('voided');
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'blocked', settlement });
    expect((await view()).outputs).toEqual([]);
  });

  it('ends like any other when no attempt succeeded', async () => {
    const { jobId } = await testJob('fail');
    attemptFails(fixture, jobId, true);
    const settlement = nothing('voided');
    expect(await endOf(fixture, jobId)).toMatchObject({ status: 'failed', settlement });
  });
});
