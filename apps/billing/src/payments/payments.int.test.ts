import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listTopUps, newId, readLifetimePaid } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { PaymentWorld } from '../test/payment-world.js';
import { insertFact } from './top-up.sql.js';
import { insertStep } from './work.sql.js';

const STALE_MS = 301_000;

let world: PaymentWorld;
beforeAll(async () => {
  world = await PaymentWorld.build();
});
afterAll(() => world.close());

describe('a purchase', () => {
  it('opens a page at Stripe for the price and no more, and gives nothing yet', async () => {
    const { accountId, topUp, sessionId } = await world.buy({ package: 'large' });
    expect(topUp).toMatchObject({ status: 'pending', amountCents: 10_800, origin: 'checkout' });
    expect(world.stripe.made.get(sessionId)).toMatchObject({
      ...{ mode: 'payment', amount_total: 10_800, currency: 'usd', client_reference_id: topUp.id },
      metadata: { safelight_top_up: topUp.id, safelight_account: accountId },
    });
    expect(await world.credits(accountId)).toBe(0);
  });

  it('is credited once, whichever event comes first, however often, at two services at once', async () => {
    const { accountId, topUp, sessionId } = await world.buy();
    const [succeeded, completed] = world.stripe.pay(sessionId);
    const sent = [completed, succeeded, completed, succeeded, completed, succeeded];
    const outcomes = await Promise.all(sent.map((event) => world.send(event)));
    expect(outcomes.filter(({ outcome }) => outcome === 'recorded')).toHaveLength(2);
    await eventually(async () => (await world.credits(accountId)) === 250);
    expect(await world.send(completed)).toEqual({ outcome: 'repeated' });
    expect(await world.credits(accountId)).toBe(250);
    expect(await world.view(accountId, topUp.id)).toMatchObject({
      ...{ status: 'paid', checkoutUrl: null, refundedCents: 0, disputedCents: 0 },
    });
    const paid = await world.client.request(readLifetimePaid, { accountId });
    expect(paid).toEqual({ lifetimePaidCents: 1_000 });
  });

  it('is asked for again under its own id when the answer was lost: one page', async () => {
    const before = world.stripe.all('checkout.session').length;
    world.stripe.failNext('hang up after');
    const { topUp } = await world.buy();
    expect(topUp.checkoutUrl).not.toBeNull();
    expect(world.stripe.all('checkout.session')).toHaveLength(before + 1);
  });

  it('that Stripe cannot be asked for is told so, charges nothing, and stays on record', async () => {
    world.stripe.failNext('unavailable', 'unavailable');
    const accountId = newId('acc');
    await expect(world.buy({ accountId })).rejects.toMatchObject({ code: 'payments.unreachable' });
    const { topUps } = await world.client.request(listTopUps, {
      ...{ accountId, limit: 10, before: null },
    });
    expect(topUps).toMatchObject([{ status: 'pending', checkoutUrl: null }]);
  });

  it('is nobody else’s', async () => {
    const { topUp } = await world.buy();
    const stranger = world.view(newId('acc'), topUp.id);
    await expect(stranger).rejects.toMatchObject({ code: 'top_up.not_found', details: {} });
    const nobody = world.view(newId('acc'), newId('top'));
    await expect(nobody).rejects.toMatchObject({ code: 'top_up.not_found', details: {} });
  });

  it('lists the newest first, page by page', async () => {
    const { accountId, topUp: first } = await world.buy();
    const { topUp: second } = await world.buy({ accountId });
    const page = { accountId, limit: 1 };
    const newest = await world.client.request(listTopUps, { ...page, before: null });
    expect([newest.topUps.map(({ id }) => id), newest.next]).toEqual([[second.id], second.id]);
    const rest = await world.client.request(listTopUps, { ...page, before: newest.next });
    expect([rest.topUps.map(({ id }) => id), rest.next]).toEqual([[first.id], null]);
  });
});

describe('an event', () => {
  const facts = async () =>
    (await world.pool.query<{ n: bigint }>('select count(*) n from billing.payment_facts')).rows[0]
      ?.n;

  it('that is altered, stale, of another secret or unsigned is refused and leaves no trace', async () => {
    const { accountId, sessionId } = await world.buy();
    const [, completed] = world.stripe.pay(sessionId);
    const { body, signature } = completed;
    const before = await facts();
    const forged = [
      { body: body.replace('1000', '1001'), signature },
      { body: `${body} `, signature },
      { body, signature: world.stripe.sign(body, Date.now() - STALE_MS) },
      { body, signature: world.stripe.sign(body, Date.now(), 'whsec_of_somebody_else') },
      { body, signature: '' },
      { body, signature: 't=x,v1=' },
      { body: '', signature },
      { body: '{}', signature: world.stripe.sign(body) },
    ];
    for (const event of forged) {
      await expect(world.send(event)).rejects.toMatchObject({ code: 'payments.signature' });
    }
    expect(await facts()).toBe(before);
    expect(await world.credits(accountId)).toBe(0);
    expect(await world.send(completed)).toEqual({ outcome: 'recorded' });
  });

  it('of a kind or about a payment that is not ours is taken and changes nothing', async () => {
    const other = world.stripe.event('invoice.paid', { id: 'in_1', object: 'invoice' });
    expect(await world.send(other)).toEqual({ outcome: 'ignored' });
    const strange = world.stripe.event('payment_intent.succeeded', {
      ...{ id: 'pi_strange', object: 'payment_intent', amount_received: 5, currency: 'usd' },
      ...{ metadata: { safelight_top_up: newId('top') }, customer: null, payment_method: 'pm_1' },
    });
    expect(await world.send(strange)).toEqual({ outcome: 'recorded' });
    await eventually(async () => {
      const { rows } = await world.pool.query('select from billing.payment_work');
      return rows.length === 0;
    });
  });

  it('that is signed but unlike any that is documented is refused by name, to be sent again', async () => {
    const unlike = world.stripe.event('payment_intent.succeeded', { id: 'pi_1', amount: '5' });
    await expect(world.send(unlike)).rejects.toMatchObject({ code: 'payments.unreadable' });
  });

  it('of another version of the API is understood all the same', async () => {
    const { accountId, sessionId } = await world.buy();
    world.stripe.pay(sessionId);
    const session = world.stripe.made.get(sessionId) as object;
    const old = { ...session, payment_intent: { id: world.intentOf(sessionId) }, metadata_new: 1 };
    const event = world.stripe.event('checkout.session.completed', old, { version: '2019-12-03' });
    expect(await world.send(event)).toEqual({ outcome: 'recorded' });
    await eventually(async () => (await world.credits(accountId)) === 250);
  });

  it('that a session expired does not undo a payment, and does end one that nobody made', async () => {
    const { accountId, topUp, sessionId } = await world.buy();
    const session = world.stripe.made.get(sessionId) as object;
    await world.send(world.stripe.event('checkout.session.expired', session));
    expect((await world.view(accountId, topUp.id)).status).toBe('failed');
    const [, completed] = world.stripe.pay(sessionId);
    await world.send(completed);
    expect((await world.view(accountId, topUp.id)).status).toBe('paid');
    expect(await world.credits(accountId)).toBe(250);
  });

  it('that a payment is of another sum credits nothing', async () => {
    const { accountId, topUp, sessionId } = await world.buy();
    world.stripe.pay(sessionId);
    const session = { ...world.stripe.made.get(sessionId), amount_total: 1 };
    await world.send(world.stripe.event('checkout.session.completed', session));
    expect(await world.view(accountId, topUp.id)).toMatchObject({ status: 'failed' });
    expect(await world.credits(accountId)).toBe(0);
  });

  it('that a payment is of another sum tells the operator, and a payment of the price does not', async () => {
    const about = (id: string) => world.logged.filter(({ topUpId }) => topUpId === id);
    const before = await world.counted('billing_payments_mismatched');
    const right = await world.buy();
    await world.send(world.stripe.pay(right.sessionId)[1]);
    await world.hasCredits(right.accountId, 250);
    expect(await world.counted('billing_payments_mismatched')).toBe(before);
    const { topUp, sessionId } = await world.buy();
    world.stripe.pay(sessionId);
    const session = { ...world.stripe.made.get(sessionId), amount_total: 1 };
    await world.send(world.stripe.event('checkout.session.completed', session));
    await eventually(() => about(topUp.id).length > 0);
    expect(about(topUp.id)).toContainEqual(
      expect.objectContaining({ msg: 'a payment is of another sum than the price', level: 'warn' }),
    );
    expect(about(right.topUp.id)).toEqual([]);
    expect(await world.counted('billing_payments_mismatched')).toBeGreaterThan(before);
  });
});

describe('a process that dies', () => {
  const heardOf = (topUpId: string) => ({
    ...{ id: `stripe:${newId('evt')}`, topUpId, paymentRef: `pi_${topUpId}` },
    fact: { kind: 'paid', amountCents: 1_000, currency: 'usd', method: null } as const,
  });

  it('after a fact was stored loses nothing', async () => {
    const { accountId, topUp } = await world.buy();
    await insertFact(world.pool, heardOf(topUp.id));
    await eventually(async () => (await world.credits(accountId)) === 250);
  });

  it('after a step was decided does not do it twice', async () => {
    const { accountId, topUp } = await world.buy();
    await insertStep(world.pool, topUp.id, {
      ...{ step: 1, wantedMicros: 250_000_000n, cause: 'paid' },
    });
    await insertFact(world.pool, heardOf(topUp.id));
    await eventually(async () => (await world.credits(accountId)) === 250);
  });
});

describe('what was ordered, heard and decided', () => {
  it.each(['top_ups', 'payment_facts', 'payment_steps', 'payment_step_ends'])(
    'is only ever added to: %s',
    async (table) => {
      const id = table.startsWith('payment_step') ? 'top_up_id' : 'id';
      for (const verb of [
        `update billing.${table} set ${id} = ''`,
        `delete from billing.${table}`,
      ]) {
        await expect(world.pool.query(verb)).rejects.toMatchObject({ code: '42501' });
      }
      const truncated = world.pool.query(`truncate billing.${table} cascade`);
      await expect(truncated).rejects.toMatchObject({ code: '42501' });
    },
  );
});
