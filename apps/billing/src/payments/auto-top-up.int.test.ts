import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  listTopUps,
  newId,
  placeHold,
  readAutoTopUp,
  setAutoTopUp,
  type PricedItem,
} from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { PaymentWorld } from '../test/payment-world.js';
import { claim } from './auto-top-up.sql.js';
import { endWork } from './work.sql.js';

const item: PricedItem = {
  ...{ operation: 'generate', model: 'builtin/painter-1', width: 1024, height: 1024, steps: 20 },
  ...{ images: 4, lane: 'standard' },
};
const credits = (count: number) => BigInt(count) * 1_000_000n;

let world: PaymentWorld;
beforeAll(async () => {
  world = await PaymentWorld.build();
});
afterAll(() => world.close());

/** An account with 250 credits and a saved means of payment. */
async function customer(method = 'pm_card_visa'): Promise<string> {
  const { accountId, sessionId } = await world.buy({ saveMethod: true });
  for (const event of world.stripe.pay(sessionId, method)) await world.send(event);
  await eventually(async () => (await world.credits(accountId)) === 250);
  return accountId;
}

const wanted = (accountId: string, change = {}) =>
  world.client.request(setAutoTopUp, {
    ...{ accountId, enabled: true, package: 'small' },
    ...{ thresholdMicros: credits(249), monthlyCapMicros: credits(10_000), ...change },
  });
const setting = async (accountId: string) =>
  (await world.client.request(readAutoTopUp, { accountId })).setting;
const hold = (accountId: string) =>
  world.client.request(placeHold, { holdId: newId('job'), accountId, item, lifetimeMs: 60_000 });
const bought = async (accountId: string) => {
  const asked = { accountId, limit: 100, before: null };
  const { topUps } = await world.client.request(listTopUps, asked);
  return topUps.filter(({ origin }) => origin === 'automatic');
};

describe('automatic top-ups', () => {
  it('need a saved means of payment', async () => {
    const { accountId, sessionId } = await world.buy();
    for (const event of world.stripe.pay(sessionId)) await world.send(event);
    await expect(wanted(accountId)).rejects.toMatchObject({ code: 'payments.no_method' });
    expect(await setting(accountId)).toBeNull();
    expect(await wanted(accountId, { enabled: false })).toMatchObject({
      setting: { enabled: false, disabledReason: null },
    });
  });

  it('buy nothing for who decided from a balance or a wish that is no longer so', async () => {
    const accountId = await customer();
    await wanted(accountId);
    const order = {
      ...{ id: newId('top'), accountId, creditsMicros: credits(250), amountCents: 1_000 },
      ...({ package: 'small', origin: 'automatic', provider: 'stripe' } as const),
      ...{ saveMethod: false, method: { customer: 'cus_1', method: 'pm_1' } },
    };
    expect(await claim(world.pool, order)).toBe(false);
    await wanted(accountId, { thresholdMicros: credits(251), package: 'medium' });
    expect(await claim(world.pool, order)).toBe(false);
  });

  it('buy once when a hold leaves less than the threshold, however many holds come at once', async () => {
    const accountId = await customer();
    await wanted(accountId);
    expect(await bought(accountId)).toEqual([]);
    await Promise.all(Array.from({ length: 10 }, () => hold(accountId)));
    await eventually(async () => (await world.credits(accountId)) > 400);
    expect(await bought(accountId)).toMatchObject([
      { status: 'paid', creditsMicros: credits(250) },
    ]);
    await eventually(async () => (await setting(accountId))?.inFlight === null);
    const [topUp] = await bought(accountId);
    const intents = world.stripe.all('payment_intent').filter(({ metadata }) => {
      return (metadata as Record<string, string>)['safelight_top_up'] === topUp?.id;
    });
    expect(intents).toMatchObject([{ amount: 1_000, payment_method: 'pm_card_visa' }]);
    // Stripe tells of it as well.
    await world.send(world.stripe.event('payment_intent.succeeded', intents[0] ?? {}));
    expect(await world.credits(accountId)).toBeLessThan(500);
  });

  it('never pass the cap of a month', async () => {
    const accountId = await customer();
    await wanted(accountId, { thresholdMicros: credits(900), monthlyCapMicros: credits(600) });
    await eventually(async () => (await world.credits(accountId)) === 750);
    await hold(accountId);
    // Both services have looked at it again, and again.
    await world.sweeps(3);
    expect(await bought(accountId)).toHaveLength(2);
    expect(await setting(accountId)).toMatchObject({ enabled: true, inFlight: null });
  });

  it('are switched off by a card that is refused, with the reason, until they are wanted anew', async () => {
    const accountId = await customer('pm_card_declined');
    await wanted(accountId, { thresholdMicros: credits(900) });
    await eventually(async () => (await setting(accountId))?.enabled === false);
    expect(await setting(accountId)).toMatchObject({
      ...{ disabledReason: 'Your card has insufficient funds.', inFlight: null },
    });
    await world.sweeps(3);
    expect(await bought(accountId)).toMatchObject([
      { status: 'failed', reason: 'Your card has insufficient funds.' },
    ]);
    expect(await world.credits(accountId)).toBe(250);
    expect(await wanted(accountId, { thresholdMicros: credits(1) })).toMatchObject({
      setting: { enabled: true, disabledReason: null },
    });
  });

  it('survive an answer that was lost: the same payment is asked for again', async () => {
    const accountId = await customer();
    const before = world.stripe.all('payment_intent').length;
    world.stripe.failNext('hang up after');
    await wanted(accountId, { thresholdMicros: credits(251) });
    await eventually(async () => (await world.credits(accountId)) === 500);
    expect(world.stripe.all('payment_intent')).toHaveLength(before + 1);
  });
});

it('work that is wanted anew is not ended by who did it before', async () => {
  const subject = `payment:${newId('top')}`;
  const want = async () => {
    const { rows } = await world.pool.query<{ wanted: bigint }>(
      `insert into billing.payment_work (subject, due_at)
       values ($1, clock_timestamp() + interval '1 h') returning wanted`,
      [subject],
    );
    return { subject, wanted: rows[0]!.wanted };
  };
  const first = await want();
  await endWork(world.pool, first);
  const second = await want();
  await endWork(world.pool, first);
  const left = 'select wanted from billing.payment_work where subject = $1';
  expect((await world.pool.query(left, [subject])).rows).toEqual([{ wanted: second.wanted }]);
  await endWork(world.pool, second);
});
