/**
 * Something that a payment provider said, or that we know of ourselves, about a payment. Facts are
 * stored as they come, in any order and never changed; what they add up to is `fold`.
 */
export type PaymentFact =
  /** The page where the customer pays is there. */
  | { readonly kind: 'opened'; readonly checkoutUrl: string; readonly expiresAtMs: number }
  | {
      readonly kind: 'paid';
      readonly amountCents: number;
      /** Three letters, lower case. */
      readonly currency: string;
      readonly method: SavedMethod | null;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'expired' }
  /** Money that goes back, whole or in part; `ref` names this refund. */
  | { readonly kind: 'refunded'; readonly ref: string; readonly amountCents: number }
  /** A refund that did not reach the customer after all. */
  | { readonly kind: 'refund_failed'; readonly ref: string }
  | { readonly kind: 'dispute_opened'; readonly ref: string; readonly amountCents: number }
  | { readonly kind: 'dispute_won'; readonly ref: string }
  | { readonly kind: 'dispute_lost'; readonly ref: string; readonly amountCents: number };

/** What an automatic top-up is paid with. */
export interface SavedMethod {
  readonly customer: string;
  readonly method: string;
}

/** A fact and what it is about. */
export interface HeardFact {
  /** Unique for what was heard: the provider's id of the event. */
  readonly id: string;
  /** As far as the provider says it. */
  readonly topUpId: string | null;
  /** The provider's id of the payment, by which facts that name no top-up are found. */
  readonly paymentRef: string | null;
  readonly fact: PaymentFact;
}
