import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, playPayment, setAutoTopUp, type DevelopmentOutcome } from '@safelight/contracts';
import { PaymentWorld } from '../test/payment-world.js';

let world: PaymentWorld;
beforeAll(async () => {
  world = await PaymentWorld.build({ played: true });
});
afterAll(() => world.close());

/** A purchase, and how to play its provider. */
async function ordered() {
  const { accountId, topUp, sessionId } = await world.buy({ saveMethod: true });
  const [id = '', token = ''] = sessionId.split('.');
  const play = (outcome: DevelopmentOutcome) =>
    world.client.request(playPayment, { topUpId: id, token, outcome });
  return { accountId, topUp, id, token, play };
}

describe('the development provider', () => {
  it('asks nobody outside, and does what it is told, once', async () => {
    const { accountId, topUp, id, play } = await ordered();
    expect(id).toBe(topUp.id);
    expect(topUp.checkoutUrl).toMatch(
      /^https:\/\/api\.example\.com\/api\/v1\/payments\/development/,
    );
    expect(await play('paid')).toEqual({ status: 'paid' });
    expect(await play('paid')).toEqual({ status: 'paid' });
    expect(await world.credits(accountId)).toBe(250);
    expect(await play('disputed')).toEqual({ status: 'disputed' });
    expect(await world.credits(accountId)).toBe(0);
    expect(await play('dispute_won')).toEqual({ status: 'paid' });
    expect(await world.credits(accountId)).toBe(250);
    expect(await play('refunded')).toEqual({ status: 'refunded' });
    expect(world.stripe.asked).toEqual([]);
  });

  it('obeys only who holds the address, and knows no events', async () => {
    const [mine, other] = [await ordered(), await ordered()];
    const tries = [
      { topUpId: mine.id, token: other.token },
      { topUpId: mine.id, token: '' },
      { topUpId: newId('top'), token: mine.token },
    ];
    for (const address of tries) {
      const played = world.client.request(playPayment, { ...address, outcome: 'paid' });
      await expect(played).rejects.toMatchObject({ code: 'top_up.not_found' });
    }
    const event = world.stripe.event('payment_intent.succeeded', {});
    await expect(world.send(event)).rejects.toMatchObject({ code: 'payments.signature' });
    expect(await world.credits(mine.accountId)).toBe(0);
  });

  it('tops up by itself as well', async () => {
    const { accountId, play } = await ordered();
    await play('paid');
    await world.client.request(setAutoTopUp, {
      ...{ accountId, enabled: true, package: 'small' },
      ...{ thresholdMicros: 300_000_000n, monthlyCapMicros: 1_000_000_000n },
    });
    await world.hasCredits(accountId, 500);
  });
});
