import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { quoteJob, submitJob } from '@safelight/contracts';
import { submission } from './customer.js';
import { FORBIDDEN_BESIDE, FORBIDDEN_WORD } from './fake-neighbours.js';
import type { Fixture } from './orchestrator-fixture.js';
import { startFixture } from './orchestrator-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.start();
});
afterAll(() => fixture.stop());

const quote = ({ accountId, spec, content }: ReturnType<typeof submission>) =>
  fixture.client.request(quoteJob, { accountId, spec, content });

describe('a quote', () => {
  it('tells what a submission would, and holds nothing', async () => {
    const asked = submission({ images: 3 });
    const before = fixture.billing.availableMicros;
    const quoted = await quote(asked);
    expect(quoted).toMatchObject({ verdict: 'pass', model: 'builtin/atelier', queuePosition: 1 });
    expect([fixture.billing.holds.size, fixture.billing.availableMicros]).toEqual([0, before]);
    const { priceMicros } = await fixture.client.request(submitJob, asked);
    expect(quoted.priceMicros).toBe(priceMicros);
  });

  it('is priced by the same item as its submission: with plan, length and add-ons', async () => {
    const asked = submission();
    const spec = { ...asked.spec, seconds: 2.5, detection: true as const };
    const request = { ...asked, spec, plan: 'pro' };
    await fixture.client.request(quoteJob, request);
    await fixture.client.request(submitJob, request);
    const [quoted, held] = fixture.billing.items.slice(-2);
    expect(quoted).toMatchObject({ seconds: 2.5, detection: true, plan: 'pro' });
    expect(held).toEqual(quoted);
  });

  it('says of words that would be refused no more than that', async () => {
    const quoted = await quote(submission({ prompt: FORBIDDEN_WORD }));
    expect(quoted.verdict).toBe('block');
    expect(Object.keys(quoted).join(' ')).not.toMatch(/decision|rule|category/);
  });

  it('holds words beside a picture to the stricter rules', async () => {
    const asked = submission({ prompt: FORBIDDEN_BESIDE });
    expect((await quote(asked)).verdict).toBe('pass');
    const picture = {
      ...{ role: 'image' as const, key: 'jobs/none', digest: 'a'.repeat(64) },
      ...{ mediaType: 'image/png' as const, width: 64, height: 64 },
    };
    const beside = { ...asked, spec: { ...asked.spec, inputs: [picture] } };
    expect((await quote(beside)).verdict).toBe('block');
  });

  it('is refused where nobody could serve it', async () => {
    fixture.dispatch.refusing = 'dispatch.unavailable';
    await expect(quote(submission())).rejects.toMatchObject({ code: 'dispatch.unavailable' });
    fixture.dispatch.refusing = undefined;
  });
});
