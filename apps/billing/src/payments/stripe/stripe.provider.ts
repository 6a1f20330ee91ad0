import { DomainError } from '@safelight/event-sourcing';
import { createEgress } from '@safelight/egress';
import Stripe from 'stripe';
import { z } from 'zod';
import type { SavedMethod } from '../fact.js';
import {
  ProviderRefused,
  ProviderUnreachable,
  type Bill,
  type Charged,
  type Checkout,
  type CheckoutWish,
  type PaymentProvider,
  type ReadEvent,
} from '../provider.js';
import { fetchThrough } from './egress-fetch.js';
import { paidBy, readIntent, readStripeEvent } from './read-event.js';

export interface StripeSettings {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Stripe's own unless another is given: `https://api.stripe.com`. */
  readonly apiUrl: string;
}

/** With the library's one retry, less than a request to billing waits. */
const TIMEOUT_MS = 9_000;
const RETRIES = 1;
const CURRENCY = 'usd';

/** Stripe by its own library, pinned to the version of the API that the library was made for. */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  private readonly stripe: Stripe;
  private readonly webhookSecret: string;

  constructor({ secretKey, webhookSecret, apiUrl }: StripeSettings) {
    const { protocol, hostname, port } = new URL(apiUrl);
    const scheme = protocol === 'http:' ? 'http' : 'https';
    const egress = createEgress({ receivers: receiversFor(hostname, port, scheme) });
    this.webhookSecret = webhookSecret;
    this.stripe = new Stripe(secretKey, {
      host: hostname,
      protocol: scheme,
      ...(port === '' ? {} : { port }),
      maxNetworkRetries: RETRIES,
      timeout: TIMEOUT_MS,
      telemetry: false,
      httpClient: Stripe.createFetchHttpClient(fetchThrough(egress, TIMEOUT_MS)),
    });
  }

  startCheckout(wish: CheckoutWish): Promise<Checkout> {
    return asked(async () => {
      const session = await this.stripe.checkout.sessions.create(sessionFor(wish), {
        idempotencyKey: wish.topUpId,
      });
      if (session.url === null)
        throw new ProviderRefused('Stripe gave no payment page', session.id);
      return { url: session.url, expiresAtMs: session.expires_at * 1_000 };
    });
  }

  /** A card that is refused is an answer, not an error. */
  charge(bill: Bill, saved: SavedMethod): Promise<Charged> {
    return asked(async () => {
      try {
        const created = await this.stripe.paymentIntents.create(intentFor(bill, saved), {
          idempotencyKey: bill.topUpId,
        });
        const fact = created.status === 'succeeded' ? paidBy(readIntent(created)) : null;
        return { paymentRef: created.id, fact };
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
        const fact = { kind: 'failed', reason: refusalIn(error) } as const;
        return { paymentRef: error.payment_intent?.id ?? null, fact };
      }
    });
  }

  async refund(paymentRef: string, amountCents: number, refundId: string): Promise<void> {
    await asked(() =>
      this.stripe.refunds.create(
        { payment_intent: paymentRef, amount: amountCents },
        { idempotencyKey: refundId },
      ),
    );
  }

  readEvent(body: Buffer, signature: string): ReadEvent {
    let event: unknown;
    try {
      event = this.stripe.webhooks.constructEvent(body, signature, this.webhookSecret);
    } catch {
      throw new DomainError('payments.signature');
    }
    try {
      return readStripeEvent(event);
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      // Signed and yet unlike what is documented: Stripe sends it again for days, time to mend it.
      throw new DomainError('payments.unreadable', { faults: z.prettifyError(error) });
    }
  }
}

const metadataOf = ({ topUpId, accountId }: Bill) => ({
  safelight_top_up: topUpId,
  safelight_account: accountId,
});

function sessionFor(wish: CheckoutWish): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataOf(wish);
  return {
    mode: 'payment',
    client_reference_id: wish.topUpId,
    metadata,
    success_url: wish.returnUrl,
    cancel_url: wish.returnUrl,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: CURRENCY,
          unit_amount: wish.amountCents,
          product_data: { name: wish.title },
        },
      },
    ],
    payment_intent_data: {
      metadata,
      ...(wish.saveMethod ? { setup_future_usage: 'off_session' as const } : {}),
    },
    ...(wish.saveMethod ? { customer_creation: 'always' as const } : {}),
  };
}

const intentFor = (bill: Bill, saved: SavedMethod): Stripe.PaymentIntentCreateParams => ({
  amount: bill.amountCents,
  currency: CURRENCY,
  customer: saved.customer,
  payment_method: saved.method,
  description: bill.title,
  metadata: metadataOf(bill),
  off_session: true,
  confirm: true,
});

/** In words for the customer; Stripe's own are made for that. */
const refusalIn = (error: InstanceType<typeof Stripe.errors.StripeCardError>): string =>
  error.code === 'authentication_required'
    ? 'The bank asks for the customer; buy credits by hand once and save the means of payment anew.'
    : error.message;

/** @throws ProviderUnreachable, ProviderRefused in place of the library's errors */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProviderRefused) throw error;
    if (error instanceof Stripe.errors.StripeError && isRefusal(error))
      throw new ProviderRefused(error.message, error);
    throw new ProviderUnreachable(error);
  }
}

const isRefusal = ({ type }: InstanceType<typeof Stripe.errors.StripeError>): boolean =>
  type === 'StripeInvalidRequestError' || type === 'StripeIdempotencyError';

/** An operator who names an address in place of Stripe's may mean one that is not public. */
function receiversFor(hostname: string, port: string, scheme: 'http' | 'https'): string[] {
  const isLiteral = /^[\d.]+$|^\[/.test(hostname);
  if (!isLiteral) return [];
  return [`${hostname}:${port === '' ? (scheme === 'http' ? '80' : '443') : port}`];
}
