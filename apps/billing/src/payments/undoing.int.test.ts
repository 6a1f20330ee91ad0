import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  captureHold,
  formatCredits,
  newId,
  placeHold,
  readLedger,
  readLifetimePaid,
  type PricedItem,
} from '@safelight/contracts';
import { disputeObject, refundObject, type SignedEvent } from '@safelight/testing';
import fc from 'fast-check';
import { PaymentWorld } from '../test/payment-world.js';
import { ProviderUnreachable } from './provider.js';
import { StripeProvider } from './stripe/stripe.provider.js';
import { insertStep } from './work.sql.js';

let world: PaymentWorld;
beforeAll(async () => {
  world = await PaymentWorld.build();
});
afterAll(() => world.close());

/** A small top-up (250 credits, 1,000 cents) that was paid. */
async function paid() {
  const { accountId, topUp, sessionId } = await world.buy();
  const [succeeded, completed] = world.stripe.pay(sessionId);
  await world.send(completed);
  expect(await world.credits(accountId)).toBe(250);
  const intent = world.intentOf(sessionId);
  const tell = (type: string, object: object) => world.send(world.stripe.event(type, object));
  return { accountId, topUp, intent, tell, succeeded, completed };
}

/** Has the account pay for a job; 4 credits. */
async function spend(accountId: string): Promise<number> {
  const before = await world.credits(accountId);
  const holdId = newId('job');
  const item: PricedItem = {
    ...{ operation: 'generate', model: 'builtin/painter-1', width: 1024, height: 1024 },
    ...{ steps: 20, images: 4, lane: 'standard' },
  };
  await world.client.request(placeHold, { holdId, accountId, item, lifetimeMs: 60_000 });
  await world.client.request(captureHold, { holdId, numerator: 1, denominator: 1 });
  return before - (await world.credits(accountId));
}

const kindsOf = async (accountId: string) => {
  const asked = { accountId, limit: 100, before: null, asOf: null };
  const { entries } = await world.client.request(readLedger, asked);
  return entries.map(({ kind, availableMicros }) => [kind, formatCredits(availableMicros)]);
};
const lifetime = async (accountId: string) =>
  (await world.client.request(readLifetimePaid, { accountId })).lifetimePaidCents;

describe('money that goes back', () => {
  it('takes its part of the credits, once for each refund however often it is told', async () => {
    const { accountId, topUp, intent, tell } = await paid();
    const refund = refundObject(intent, 400, 'pending');
    await tell('refund.created', refund);
    await tell('refund.updated', { ...refund, status: 'succeeded' });
    await tell('charge.refund.updated', { ...refund, status: 'succeeded' });
    expect(await world.credits(accountId)).toBe(150);
    expect(await world.view(accountId, topUp.id)).toMatchObject({
      ...{ status: 'paid', refundedCents: 400 },
    });
    expect(await lifetime(accountId)).toBe(600);
    await tell('refund.created', refundObject(intent, 600));
    expect(await world.credits(accountId)).toBe(0);
    expect((await world.view(accountId, topUp.id)).status).toBe('refunded');
    expect(await kindsOf(accountId)).toEqual([
      ['reversal', '-150'],
      ['reversal', '-100'],
      ['topup', '250'],
    ]);
  });

  it('gives credits back for a refund that failed', async () => {
    const { accountId, intent, tell } = await paid();
    const refund = refundObject(intent, 1_000);
    await tell('refund.created', refund);
    expect(await world.credits(accountId)).toBe(0);
    await tell('refund.failed', { ...refund, status: 'failed' });
    expect(await world.credits(accountId)).toBe(250);
    expect(await lifetime(accountId)).toBe(1_000);
  });

  it('is taken as far as it is there when disputed, and given back no further when that is won', async () => {
    const { accountId, topUp, intent, tell } = await paid();
    const spent = await spend(accountId);
    expect(spent).toBeGreaterThan(0);
    const dispute = disputeObject(intent, 1_000);
    await tell('charge.dispute.created', dispute);
    await tell('charge.dispute.funds_withdrawn', dispute);
    expect(await world.credits(accountId)).toBe(0);
    expect(await lifetime(accountId)).toBe(0);
    expect((await world.view(accountId, topUp.id)).status).toBe('disputed');
    await tell('charge.dispute.closed', { ...dispute, status: 'won' });
    await tell('charge.dispute.funds_reinstated', { ...dispute, status: 'won' });
    expect(await world.credits(accountId)).toBe(250 - spent);
    expect((await world.view(accountId, topUp.id)).status).toBe('paid');
    // A second dispute finds what was given back, and not what was lost before.
    await tell('charge.dispute.created', disputeObject(intent, 1_000));
    expect(await world.credits(accountId)).toBe(0);
  });

  it('never takes what was given for nothing, or what an inquiry only asks about', async () => {
    const { accountId, intent, tell } = await paid();
    await world.grant(accountId, 7);
    await tell('charge.dispute.created', disputeObject(intent, 1_000, 'warning_needs_response'));
    expect(await world.credits(accountId)).toBe(257);
    const dispute = disputeObject(intent, 1_000);
    await tell('charge.dispute.created', dispute);
    await tell('charge.dispute.closed', { ...dispute, status: 'lost' });
    expect(await world.credits(accountId)).toBe(7);
  });

  it('is settled by whoever comes after a process that died between deciding and telling', async () => {
    const { accountId, topUp, intent, tell } = await paid();
    await insertStep(world.pool, topUp.id, {
      ...{ step: 2, wantedMicros: -100_000_000n, cause: 'refunded_payment' },
    });
    await tell('refund.created', refundObject(intent, 400));
    expect(await world.credits(accountId)).toBe(150);
  });
});

describe('a refund of ours', () => {
  it('is asked of Stripe once under its id, and counts when Stripe tells of it', async () => {
    const { stripe } = world;
    const { accountId, intent, tell } = await paid();
    const { secretKey, webhookSecret, url: apiUrl } = stripe;
    const provider = new StripeProvider({ secretKey, webhookSecret, apiUrl });
    stripe.failNext('hang up after');
    await provider.refund(intent, 400, `refund-${intent}`);
    await provider.refund(intent, 400, `refund-${intent}`);
    const refunds = stripe.all('refund').filter(({ payment_intent }) => payment_intent === intent);
    expect(refunds).toMatchObject([{ amount: 400 }]);
    expect(await world.credits(accountId)).toBe(250);
    await tell('refund.created', refunds[0] ?? {});
    expect(await world.credits(accountId)).toBe(150);
    const wrong = new StripeProvider({ secretKey: 'sk_wrong', webhookSecret, apiUrl });
    await expect(wrong.refund(intent, 1, 'other')).rejects.toBeInstanceOf(ProviderUnreachable);
  });
});

describe('events in any order', () => {
  /** Everything that can be told of one payment, as signed events. */
  async function story(): Promise<{ accountId: string; events: SignedEvent[] }> {
    const { accountId, sessionId } = await world.buy();
    const { stripe } = world;
    const [succeeded, completed] = stripe.pay(sessionId);
    const intent = world.intentOf(sessionId);
    const refund = refundObject(intent, 400);
    const failed = refundObject(intent, 100);
    const dispute = disputeObject(intent, 600);
    const events = [
      ...[succeeded, completed],
      stripe.event('checkout.session.expired', stripe.made.get(sessionId) ?? {}),
      stripe.event('refund.created', refund),
      stripe.event('refund.created', failed),
      stripe.event('refund.failed', { ...failed, status: 'failed' }),
      stripe.event('charge.dispute.created', dispute),
      stripe.event('charge.dispute.closed', { ...dispute, status: 'won' }),
    ];
    return { accountId, events };
  }

  it('leave the same credits', async () => {
    const places = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(places, fc.boolean(), async (order, atOnce) => {
        const { accountId, events } = await story();
        const told = order.map((at) => events[at] as SignedEvent);
        if (atOnce) await Promise.all(told.map((event) => world.send(event)));
        else for (const event of told) await world.send(event);
        await world.sweeps(1);
        expect(await world.credits(accountId)).toBe(150);
        expect(await lifetime(accountId)).toBe(600);
      }),
      { numRuns: 25 },
    );
  });
});
