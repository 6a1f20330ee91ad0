import { randomBytes } from 'node:crypto';
import { formAt, textAt, type Form } from './form.js';
import { invalid, missing, StripeRefusal, unknown } from './refusal.js';

/** An object of the API, with the members that anybody here reads. */
export type StripeObject = { id: string; object: string } & Record<string, unknown>;

export const stripeId = (prefix: string): string =>
  `${prefix}_${randomBytes(12).toString('base64url').replaceAll(/[-_]/g, '0')}`;

const nowSeconds = () => Math.floor(Date.now() / 1_000);
const DAY_SECONDS = 86_400;

const sessionParams = [
  ...['mode', 'client_reference_id', 'metadata', 'success_url', 'cancel_url', 'line_items'],
  ...['payment_intent_data', 'customer_creation'],
];
const intentParams = [
  ...['amount', 'currency', 'customer', 'payment_method', 'description', 'metadata'],
  ...['off_session', 'confirm'],
];

function check(form: Form, known: readonly string[], required: readonly string[]): void {
  for (const name of Object.keys(form)) if (!known.includes(name)) throw unknown(name);
  for (const name of required) if (form[name] === undefined) throw missing(name);
}

function amountIn(text: string | undefined, param: string): number {
  if (text === undefined) throw missing(param);
  if (!/^\d{1,8}$/.test(text)) throw invalid(`Invalid integer: ${text}`, { param });
  return Number(text);
}

/** Of `POST /v1/checkout/sessions`: a page, not paid yet. */
export function newSession(form: Form, pages: string): StripeObject {
  check(form, sessionParams, ['mode', 'success_url', 'line_items']);
  const item = 'line_items.0.price_data';
  const each = amountIn(textAt(form, `${item}.unit_amount`), 'line_items[0]');
  const quantity = amountIn(textAt(form, 'line_items.0.quantity'), 'line_items[0][quantity]');
  const id = stripeId('cs_test');
  const intentData = formAt(form, 'payment_intent_data');
  const session = {
    id,
    object: 'checkout.session',
    mode: form['mode'],
    status: 'open',
    payment_status: 'unpaid',
    amount_total: each * quantity,
    currency: textAt(form, `${item}.currency`) ?? null,
    client_reference_id: form['client_reference_id'] ?? null,
    metadata: formAt(form, 'metadata'),
    customer: null,
    payment_intent: null,
    expires_at: nowSeconds() + DAY_SECONDS,
    url: `${pages}/pay/${id}`,
  };
  paymentsOf.set(session, {
    metadata: formAt(intentData, 'metadata'),
    setup_future_usage: textAt(intentData, 'setup_future_usage') ?? null,
  });
  return session;
}

/** What the payment of a session will be made of: Stripe keeps that to itself. */
const paymentsOf = new WeakMap<StripeObject, PaymentOf>();
interface PaymentOf {
  readonly metadata: Form;
  readonly setup_future_usage: string | null;
}

export function paymentOf(session: StripeObject): PaymentOf {
  const payment = paymentsOf.get(session);
  if (payment === undefined) throw new Error(`${session.id} is no session`);
  return payment;
}

/** Of `POST /v1/payment_intents` that confirms at once without the customer. */
export function newIntent(form: Form): StripeObject {
  check(form, intentParams, ['amount', 'currency']);
  const amount = amountIn(textAt(form, 'amount'), 'amount');
  const method = textAt(form, 'payment_method') ?? '';
  const intent = intentObject({
    amount,
    currency: textAt(form, 'currency') ?? '',
    metadata: formAt(form, 'metadata'),
    customer: textAt(form, 'customer') ?? null,
    payment_method: method,
    setup_future_usage: null,
  });
  const decline = declines[method];
  if (decline === undefined) return intent;
  const payment_intent = { ...intent, amount_received: 0, status: 'requires_payment_method' };
  throw new StripeRefusal(402, { type: 'card_error', ...decline, payment_intent });
}

/** Methods of tests that are refused, as Stripe's own test cards are. */
const declines: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pm_card_declined: {
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  pm_card_authentication_required: {
    code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
};

interface IntentOf {
  readonly amount: number;
  readonly currency: unknown;
  readonly metadata: unknown;
  readonly customer: string | null;
  readonly payment_method: string;
  readonly setup_future_usage: unknown;
}

export const intentObject = (of: IntentOf): StripeObject => ({
  id: stripeId('pi'),
  object: 'payment_intent',
  ...of,
  amount_received: of.amount,
  status: 'succeeded',
  last_payment_error: null,
});

/** Of `POST /v1/refunds`. */
export function newRefund(form: Form): StripeObject {
  check(form, ['payment_intent', 'amount', 'metadata', 'reason'], ['payment_intent']);
  const amount = amountIn(textAt(form, 'amount'), 'amount');
  return refundObject(textAt(form, 'payment_intent') ?? '', amount);
}

export const refundObject = (intent: string, amount: number, status = 'succeeded') => ({
  id: stripeId('re'),
  object: 'refund',
  amount,
  currency: 'usd',
  metadata: {},
  payment_intent: intent,
  charge: stripeId('ch'),
  status,
});

export const disputeObject = (intent: string, amount: number, status = 'needs_response') => ({
  id: stripeId('dp'),
  object: 'dispute',
  amount,
  currency: 'usd',
  payment_intent: intent,
  charge: stripeId('ch'),
  status,
  reason: 'fraudulent',
});
