import { topUpId } from '@safelight/contracts';
import { z } from 'zod';
import type { PaymentFact, SavedMethod } from '../fact.js';
import type { ReadEvent } from '../provider.js';

// Only these members are read, each of which Stripe has had in every version of its API since 2019,
// so that it does not matter under which version an endpoint was registered. An expandable member is
// an id or the whole object.
const reference = z
  .union([z.string(), z.looseObject({ id: z.string() }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? null);
const cents = z.int().min(0);
const metadata = z
  .looseObject({ safelight_top_up: topUpId.optional().catch(undefined) })
  .nullish()
  .transform((members) => members?.safelight_top_up ?? null);

const envelope = z.looseObject({
  id: z.string(),
  type: z.string(),
  data: z.looseObject({ object: z.looseObject({}) }),
});
const session = z.looseObject({
  metadata,
  payment_intent: reference,
  payment_status: z.string(),
  amount_total: cents.nullable(),
  currency: z.string().nullable(),
});
const intent = z.looseObject({
  id: z.string(),
  metadata,
  amount_received: cents,
  currency: z.string(),
  customer: reference,
  payment_method: reference,
  setup_future_usage: z.string().nullish(),
  last_payment_error: z.looseObject({ message: z.string().optional() }).nullish(),
});
const refund = z.looseObject({
  id: z.string(),
  metadata,
  amount: cents,
  status: z.string().nullable(),
  payment_intent: reference,
});
const dispute = z.looseObject({
  id: z.string(),
  amount: cents,
  status: z.string(),
  payment_intent: reference,
});
export type StripeIntent = z.output<typeof intent>;

/** What is to be done with the object of an event; `null`: it says nothing that we need. */
interface Told {
  readonly topUpId: string | null;
  readonly paymentRef: string | null;
  readonly fact: PaymentFact | null;
}
type Reader = (object: unknown) => Told;

const readers: Readonly<Record<string, Reader>> = {
  'checkout.session.completed': readSession,
  'checkout.session.async_payment_succeeded': readSession,
  'checkout.session.async_payment_failed': (object) => ({
    ...readSession(object),
    fact: { kind: 'failed', reason: 'The payment did not go through.' },
  }),
  'checkout.session.expired': (object) => ({ ...readSession(object), fact: { kind: 'expired' } }),
  'payment_intent.succeeded': readSuccess,
  'refund.created': readRefund,
  'refund.updated': readRefund,
  'refund.failed': readRefund,
  'charge.refund.updated': readRefund,
  'charge.dispute.created': readDispute,
  'charge.dispute.updated': readDispute,
  'charge.dispute.funds_withdrawn': readDispute,
  'charge.dispute.funds_reinstated': readDispute,
  'charge.dispute.closed': readDispute,
};

/** The kinds of events that must be switched on at Stripe. */
export const eventTypes: readonly string[] = Object.keys(readers);

/** @throws z.ZodError for what is no event of Stripe's, although it was signed as one */
export function readStripeEvent(event: unknown): ReadEvent {
  const { id, type, data } = envelope.parse(event);
  const told = readers[type]?.(data.object);
  if (told === undefined || told.fact === null) return { id, type, heard: null };
  return { id, type, heard: { ...told, fact: told.fact, id: `stripe:${id}` } };
}

/** A session that is complete may still be unpaid: then another event tells how that ends. */
function readSession(object: unknown): Told {
  const read = session.parse(object);
  const { amount_total, currency, payment_status } = read;
  const isPaid = payment_status === 'paid' && amount_total !== null && currency !== null;
  return {
    topUpId: read.metadata,
    paymentRef: read.payment_intent,
    fact: isPaid ? { kind: 'paid', amountCents: amount_total, currency, method: null } : null,
  };
}

/** The payment behind a session, or one of our own without the customer. */
function readSuccess(object: unknown): Told {
  const read = intent.parse(object);
  return { topUpId: read.metadata, paymentRef: read.id, fact: paidBy(read) };
}

/** @param read a payment intent that succeeded */
export function paidBy(read: StripeIntent): Extract<PaymentFact, { kind: 'paid' }> {
  const { amount_received: amountCents, currency } = read;
  return { kind: 'paid', amountCents, currency, method: savedIn(read) };
}

export const readIntent = (object: unknown): StripeIntent => intent.parse(object);

function savedIn(read: StripeIntent): SavedMethod | null {
  const { customer, payment_method: method } = read;
  if (read.setup_future_usage !== 'off_session' || customer === null || method === null)
    return null;
  return { customer, method };
}

const COUNTS_AS_REFUNDED = new Set(['succeeded', 'pending', 'requires_action']);
const COUNTS_AS_FAILED = new Set(['failed', 'canceled']);

function readRefund(object: unknown): Told {
  const { id: ref, metadata: topUp, amount, status, payment_intent } = refund.parse(object);
  return { topUpId: topUp, paymentRef: payment_intent, fact: factOf(ref, amount, status) };
}

function factOf(ref: string, amountCents: number, status: string | null): PaymentFact | null {
  if (status !== null && COUNTS_AS_FAILED.has(status)) return { kind: 'refund_failed', ref };
  // Cards have had refunds without a status: those succeeded.
  if (status === null || COUNTS_AS_REFUNDED.has(status))
    return { kind: 'refunded', ref, amountCents };
  return null;
}

/** An inquiry (`warning_…`) has taken no money, and may never. */
function readDispute(object: unknown): Told {
  const { id: ref, amount: amountCents, status, payment_intent } = dispute.parse(object);
  const told = { topUpId: null, paymentRef: payment_intent };
  if (status.startsWith('warning_')) return { ...told, fact: null };
  if (status === 'won' || status === 'prevented')
    return { ...told, fact: { kind: 'dispute_won', ref } };
  if (status === 'lost') return { ...told, fact: { kind: 'dispute_lost', ref, amountCents } };
  return { ...told, fact: { kind: 'dispute_opened', ref, amountCents } };
}
