import { createHmac, timingSafeEqual } from 'node:crypto';
import type { DevelopmentOutcome } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { HeardFact, PaymentFact } from './fact.js';
import type {
  Bill,
  Charged,
  Checkout,
  CheckoutWish,
  PaymentProvider,
  ReadEvent,
} from './provider.js';

const PAGE_STANDS_MS = 24 * 3_600_000;
const CURRENCY = 'usd';

/**
 * Takes no money: whoever holds a checkout's address plays the provider. For the fresh machine,
 * where nothing outside is reached; the settings refuse it beside a real provider and in production.
 */
export class DevelopmentProvider implements PaymentProvider {
  readonly name = 'development';

  constructor(private readonly secret: string) {}

  async startCheckout({ topUpId, publicUrl }: CheckoutWish): Promise<Checkout> {
    const url = `${publicUrl}/api/v1/payments/development/${topUpId}.${this.token(topUpId)}`;
    return { url, expiresAtMs: Date.now() + PAGE_STANDS_MS };
  }

  async charge({ topUpId, amountCents }: Bill): Promise<Charged> {
    const paid = { kind: 'paid', amountCents, currency: CURRENCY, method: null } as const;
    return { paymentRef: paymentOf(topUpId), fact: paid };
  }

  async refund(): Promise<void> {
    throw new Error('the development provider is told what happens; it does nothing itself');
  }

  readEvent(): ReadEvent {
    throw new DomainError('payments.signature', {});
  }

  /** Whether this is the token of the top-up's checkout. */
  knows(topUpId: string, token: string): boolean {
    const [right, given] = [Buffer.from(this.token(topUpId)), Buffer.from(token)];
    return right.length === given.length && timingSafeEqual(right, given);
  }

  /** What would have been heard. */
  play(topUpId: string, amountCents: number, outcome: DevelopmentOutcome): HeardFact {
    const fact = factOf(outcome, amountCents, topUpId);
    const id = `development:${topUpId}:${outcome}`;
    return { id, topUpId, paymentRef: paymentOf(topUpId), fact };
  }

  private token(topUpId: string): string {
    return createHmac('sha256', this.secret).update(`top-up:${topUpId}`).digest('base64url');
  }
}

const paymentOf = (topUpId: string): string => `development:${topUpId}`;

function factOf(outcome: DevelopmentOutcome, amountCents: number, topUpId: string): PaymentFact {
  const ref = paymentOf(topUpId);
  switch (outcome) {
    case 'paid': {
      const method = { customer: ref, method: ref };
      return { kind: 'paid', amountCents, currency: CURRENCY, method };
    }
    case 'failed':
      return { kind: 'failed', reason: 'The development provider was told to fail.' };
    case 'expired':
      return { kind: 'expired' };
    case 'refunded':
      return { kind: 'refunded', ref, amountCents };
    case 'disputed':
      return { kind: 'dispute_opened', ref, amountCents };
    case 'dispute_won':
      return { kind: 'dispute_won', ref };
    case 'dispute_lost':
      return { kind: 'dispute_lost', ref, amountCents };
  }
}
