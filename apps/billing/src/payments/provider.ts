import type { HeardFact, PaymentFact, SavedMethod } from './fact.js';

/** What is to be paid. */
export interface Bill {
  readonly topUpId: string;
  readonly accountId: string;
  readonly amountCents: number;
  /** What the customer reads on the page and the receipt. */
  readonly title: string;
}

export interface CheckoutWish extends Bill {
  /** Keep the means of payment for later. */
  readonly saveMethod: boolean;
  readonly returnUrl: string;
  /** Where clients reach this deployment. */
  readonly publicUrl: string;
}

export interface Checkout {
  readonly url: string;
  readonly expiresAtMs: number;
}

/** What was read in a webhook: `fact` is `null` where it says nothing that we need. */
export type ReadEvent =
  | { readonly id: string; readonly type: string; readonly heard: HeardFact }
  | { readonly id: string; readonly type: string; readonly heard: null };

/** What came of taking money without the customer being there. `null`: a webhook will tell. */
export interface Charged {
  readonly paymentRef: string | null;
  readonly fact: Extract<PaymentFact, { kind: 'paid' | 'failed' }> | null;
}

/**
 * Whoever takes the money. Everything that it is asked under one top-up's id it does once, however
 * often it is asked, so that a crash at any point can be followed by asking again.
 */
export interface PaymentProvider {
  readonly name: 'stripe' | 'development';
  /** @throws ProviderUnreachable; ProviderRefused */
  startCheckout(wish: CheckoutWish): Promise<Checkout>;
  /** @throws ProviderUnreachable */
  charge(bill: Bill, saved: SavedMethod): Promise<Charged>;
  /** Gives back `amountCents` of a payment; the provider's event tells when it is done. */
  refund(paymentRef: string, amountCents: number, refundId: string): Promise<void>;
  /** @throws DomainError `payments.signature` when it is not the provider's, altered or stale;
   *   `payments.unreadable` when it is, and yet unlike what is documented */
  readEvent(body: Buffer, signature: string): ReadEvent;
}

/** Nobody knows what the provider did: asking again under the same id is safe. */
export class ProviderUnreachable extends Error {
  constructor(cause: unknown) {
    super('the payment provider did not answer', { cause });
    this.name = 'ProviderUnreachable';
  }
}

/** The provider will not do this, now or later. */
export class ProviderRefused extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'ProviderRefused';
  }
}
