import type { TopUpStatus } from '@safelight/contracts';
import type { PaymentFact } from './fact.js';

/** What was bought, as it was when it was ordered. */
export interface Order {
  readonly creditsMicros: bigint;
  readonly amountCents: number;
}

/** What all that was heard of a payment adds up to. */
export interface Standing {
  readonly status: TopUpStatus;
  /** Why it failed. */
  readonly reason: string | null;
  readonly refundedCents: number;
  readonly disputedCents: number;
  /** What was paid and neither given back nor disputed. */
  readonly keptCents: number;
  /** The credits that the account should have of it: what the ledger is brought to. */
  readonly standingMicros: bigint;
  /** Money came that is not the price, and bought nothing: a person must look. */
  readonly isMismatched: boolean;
  /** Where it can be paid now. */
  readonly checkoutUrl: string | null;
}

type Of<Kind extends PaymentFact['kind']> = Extract<PaymentFact, { kind: Kind }>;

const CURRENCY = 'usd';

/**
 * Facts come late, twice and in any order, so none may count by its place: this looks at what is
 * there, and gives the same for every order and every repetition.
 *
 * @param nowMs epoch milliseconds, for whether the payment page still stands
 */
export function fold(order: Order, facts: readonly PaymentFact[], nowMs: number): Standing {
  const of = <Kind extends PaymentFact['kind']>(kind: Kind) =>
    facts.filter((fact): fact is Of<Kind> => fact.kind === kind);
  const payments = of('paid');
  const paid = payments.some((payment) => settles(payment, order));
  const refunded = paid ? Math.min(order.amountCents, refundedCents(facts)) : 0;
  const left = order.amountCents - refunded;
  const disputed = paid ? Math.min(left, disputedCents(facts)) : 0;
  const keptCents = paid ? left - disputed : 0;
  const reason = paid ? null : reasonOf(of('failed'), payments, of('expired').length > 0);
  const status = statusOf({ paid, refunded, disputed, reason, ...order });
  return {
    status,
    reason,
    refundedCents: refunded,
    disputedCents: disputed,
    keptCents,
    standingMicros: creditsFor(keptCents, order),
    isMismatched: payments.some((payment) => !settles(payment, order)),
    checkoutUrl: status === 'pending' ? openPage(of('opened'), nowMs) : null,
  };
}

/** A payment of another sum or in another currency buys nothing by itself: a person must look. */
const settles = ({ amountCents, currency }: Of<'paid'>, order: Order): boolean =>
  amountCents === order.amountCents && currency === CURRENCY;

/** Rounded up, so in the customer's favour by less than a micro-credit. */
function creditsFor(cents: number, { creditsMicros, amountCents }: Order): bigint {
  const whole = BigInt(amountCents);
  return (creditsMicros * BigInt(cents) + whole - 1n) / whole;
}

function refundedCents(facts: readonly PaymentFact[]): number {
  const byRef = new Map<string, number>();
  for (const fact of facts) {
    if (fact.kind === 'refunded') {
      byRef.set(fact.ref, Math.max(fact.amountCents, byRef.get(fact.ref) ?? 0));
    }
  }
  for (const fact of facts) if (fact.kind === 'refund_failed') byRef.delete(fact.ref);
  return sum(byRef);
}

/** Lost ones stay disputed for ever: that money is gone. */
function disputedCents(facts: readonly PaymentFact[]): number {
  const byRef = new Map<string, number>();
  for (const fact of facts) {
    if (fact.kind === 'dispute_opened' || fact.kind === 'dispute_lost') {
      byRef.set(fact.ref, Math.max(fact.amountCents, byRef.get(fact.ref) ?? 0));
    }
  }
  for (const fact of facts) if (fact.kind === 'dispute_won') byRef.delete(fact.ref);
  return sum(byRef);
}

const sum = (byRef: ReadonlyMap<string, number>): number =>
  [...byRef.values()].reduce((total, cents) => total + cents, 0);

function reasonOf(
  failures: readonly Of<'failed'>[],
  payments: readonly Of<'paid'>[],
  expired: boolean,
): string | null {
  if (payments.length > 0) {
    return 'The payment was of another sum than the price; the operator has been told and nothing was credited.';
  }
  // Any one of several, but always the same.
  const [failure] = failures.map(({ reason }) => reason).toSorted();
  return failure ?? (expired ? 'The payment page was not used in time.' : null);
}

function statusOf(of: {
  readonly paid: boolean;
  readonly refunded: number;
  readonly disputed: number;
  readonly amountCents: number;
  readonly reason: string | null;
}): TopUpStatus {
  if (!of.paid) return of.reason === null ? 'pending' : 'failed';
  if (of.disputed > 0) return 'disputed';
  return of.refunded === of.amountCents ? 'refunded' : 'paid';
}

function openPage(pages: readonly Of<'opened'>[], nowMs: number): string | null {
  const [open] = pages
    .filter(({ expiresAtMs }) => expiresAtMs > nowMs)
    .map(({ checkoutUrl }) => checkoutUrl)
    .toSorted();
  return open ?? null;
}
