import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StripeServer, type SignedEvent } from '@safelight/testing';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

let stripe: StripeServer;
let fleet: Fleet;
beforeAll(async () => {
  stripe = await StripeServer.start();
  fleet = await Fleet.start({
    layout: 'one process',
    env: {
      STRIPE_SECRET_KEY: stripe.secretKey,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
      STRIPE_API_URL: stripe.url,
    },
  });
}, 120_000);
afterAll(async () => {
  await fleet.close();
  await stripe.close();
}, 60_000);

const post = async ({ body, signature }: Pick<SignedEvent, 'body' | 'signature'>) => {
  const answer = await fetch(`${fleet.url}/api/v1/payments/stripe/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
    body,
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, never> };
};

const credits = async (client: TestClient): Promise<string> =>
  (await client.get('/api/v1/account')).json.data.credits.available as string;

describe('buying credits', () => {
  it('from the order to the balance, through the public API alone', async () => {
    const client = new TestClient(fleet.url, (await fleet.account('10')).apiKey);
    const ordered = await client.send('POST', '/api/v1/account/top-ups', { package: 'large' });
    expect(ordered.status).toBe(201);
    expect(ordered.json.data).toMatchObject({
      ...{ status: 'pending', package: 'large', credits: '3000', usd: '108.00' },
      ...{ origin: 'checkout', refunded_usd: '0.00', paid_at: null },
    });
    const { id, checkout_url } = ordered.json.data as { id: string; checkout_url: string };
    expect(checkout_url.startsWith(`${stripe.url}/pay/`)).toBe(true);
    const [succeeded, completed] = stripe.pay(checkout_url.split('/').at(-1) ?? '');
    const altered = { ...completed, body: completed.body.replace('10800', '10801') };
    expect(await post(altered)).toMatchObject({ status: 400, json: { code: 'BAD_REQUEST' } });
    const answers = await Promise.all([completed, completed, succeeded].map(post));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await credits(client)).toBe('3010');
    const shown = await client.get(`/api/v1/account/top-ups/${id}`);
    expect(shown.json.data).toMatchObject({ status: 'paid', checkout_url: null });
    expect(shown.json.data.paid_at).not.toBeNull();
    const list = await client.get('/api/v1/account/top-ups');
    expect(list.json.data).toEqual([shown.json.data]);
    const stranger = new TestClient(fleet.url, (await fleet.account('10')).apiKey);
    expect((await stranger.get(`/api/v1/account/top-ups/${id}`)).status).toBe(404);
    // 108 USD were paid: what a face swap in a video needs.
    const swap = await client.send('POST', '/api/v1/face-swap-video', {
      ...{ video: 'https://example.com/a.mp4', biometric_consent: true },
      face: 'upl_01k9zq4hjkm8nvw5r2c7x3d6ef',
    });
    expect([swap.status, swap.json.code] as unknown).toEqual([503, 'GPU_UNAVAILABLE']);
  });

  it('takes only events, of a bounded size', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(300_000) });
    expect((await post({ body: large, signature: stripe.sign(large) })).status).toBe(413);
    const headers = { 'content-type': 'application/json' };
    const to = `${fleet.url}/api/v1/payments/stripe/events`;
    const unsigned = await fetch(to, { method: 'POST', headers, body: '{}' });
    expect(unsigned.status).toBe(400);
    const empty = await fetch(to, { method: 'POST' });
    expect(empty.status).toBe(400);
  });
});
