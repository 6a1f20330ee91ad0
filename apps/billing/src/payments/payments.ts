import {
  topUpPackage,
  type DevelopmentOutcome,
  type PackageName,
  type TopUpStatus,
  type TopUpView,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type pg from 'pg';
import { DevelopmentProvider } from './development.provider.js';
import type { HeardFact } from './fact.js';
import { fold } from './fold.js';
import {
  ProviderRefused,
  ProviderUnreachable,
  type Bill,
  type PaymentProvider,
} from './provider.js';
import type { Settling } from './settling.js';
import {
  insertFact,
  insertTopUp,
  readFacts,
  readTopUps,
  readTopUpsOf,
  subjectOf,
  type RecordedFact,
  type TopUp,
} from './top-up.sql.js';
import { readForgotten } from './work.sql.js';

/** Payment pages stand a day; what nobody has paid an hour later nobody will. */
const FORGOTTEN_AFTER_HOURS = 25;

export interface TopUpWish {
  readonly topUpId: string;
  readonly accountId: string;
  readonly package: PackageName;
  readonly saveMethod: boolean;
  readonly returnUrl: string;
  readonly publicUrl: string;
}

export interface PaymentsParts {
  readonly pool: pg.Pool;
  /** `null`: nothing is for sale here. */
  readonly provider: PaymentProvider | null;
  readonly settling: Pick<Settling, 'actOn'>;
}

/** Buying: what is ordered, what is heard of it, and how it stands. */
export class Payments {
  constructor(private readonly parts: PaymentsParts) {}

  /**
   * The order is stored before the provider is asked, under an id that the provider keeps: whatever
   * comes back, whenever, has something to be about.
   * @throws DomainError `payments.none`, `payments.unreachable`
   */
  async start(wish: TopUpWish): Promise<TopUpView> {
    const { topUpId: id, accountId, saveMethod, package: name } = wish;
    const { creditsMicros, amountCents } = topUpPackage(name);
    const provider = this.provider({ package: name });
    const { pool } = this.parts;
    const order = { id, accountId, package: name, creditsMicros, amountCents, saveMethod };
    await insertTopUp(pool, {
      ...order,
      origin: 'checkout',
      provider: provider.name,
      method: null,
    });
    await this.openPage(provider, { ...wish, ...billOf({ ...order }) });
    return this.read(accountId, id);
  }

  private async openPage(provider: PaymentProvider, wish: TopUpWish & Bill): Promise<void> {
    const about = { id: `opened:${wish.topUpId}`, topUpId: wish.topUpId, paymentRef: null };
    try {
      const { url: checkoutUrl, expiresAtMs } = await provider.startCheckout(wish);
      await this.hear({ ...about, fact: { kind: 'opened', checkoutUrl, expiresAtMs } });
    } catch (error) {
      if (error instanceof ProviderRefused) {
        const reason = 'The payment provider refused to open a payment page.';
        await this.hear({ ...about, fact: { kind: 'failed', reason } });
      } else if (!(error instanceof ProviderUnreachable)) throw error;
      throw new DomainError('payments.unreachable', {}, String(error));
    }
  }

  /** @throws DomainError `top_up.not_found`: not there, or not the account's */
  async read(accountId: string, topUpId: string): Promise<TopUpView> {
    const [topUp] = await readTopUps(this.parts.pool, [topUpId]);
    if (topUp?.accountId !== accountId) throw new DomainError('top_up.not_found');
    const [view] = await this.views([topUp]);
    if (view === undefined) throw new Error('a top-up has no view');
    return view;
  }

  async list(accountId: string, limit: number, before: string | null) {
    const found = await readTopUpsOf(this.parts.pool, accountId, before, limit + 1);
    const topUps = await this.views(found.slice(0, limit));
    return { topUps, next: found.length > limit ? (topUps.at(-1)?.id ?? null) : null };
  }

  /** @returns cents that the account has paid, less what was given back or is disputed. */
  async lifetimePaidCents(accountId: string): Promise<number> {
    const { pool } = this.parts;
    const topUps = await readTopUpsOf(pool, accountId, null, null);
    const facts = await readFacts(
      pool,
      topUps.map(({ id }) => id),
    );
    const kept = topUps.map((topUp) => standingOf(topUp, facts.get(topUp.id)).keptCents);
    return kept.reduce((sum, cents) => sum + cents, 0);
  }

  /**
   * Answers once it is stored. What says nothing that we need is not: its sender may rest.
   * @throws DomainError `payments.none`, `payments.signature`
   */
  async receive(body: Buffer, signature: string): Promise<'recorded' | 'repeated' | 'ignored'> {
    const { heard } = this.provider().readEvent(body, signature);
    if (heard === null) return 'ignored';
    return (await this.hear(heard)) ? 'recorded' : 'repeated';
  }

  /** Stores a fact and acts on it. @returns whether it was news. */
  async hear(heard: HeardFact): Promise<boolean> {
    const isNews = await insertFact(this.parts.pool, heard);
    await this.parts.settling.actOn(subjectOf(heard));
    return isNews;
  }

  /** @throws DomainError `top_up.not_found`, the same for every wrong address */
  async play(id: string, token: string, outcome: DevelopmentOutcome): Promise<TopUpStatus> {
    const { provider, pool } = this.parts;
    if (!(provider instanceof DevelopmentProvider)) throw new DomainError('top_up.not_found');
    const [topUp] = provider.knows(id, token) ? await readTopUps(pool, [id]) : [];
    if (topUp === undefined) throw new DomainError('top_up.not_found');
    await this.hear(provider.play(id, topUp.amountCents, outcome));
    return (await this.read(topUp.accountId, id)).status;
  }

  /** Lets go of orders that nobody will pay any more, so that none is pending for ever. */
  async forget(): Promise<void> {
    for (const topUpId of await readForgotten(this.parts.pool, FORGOTTEN_AFTER_HOURS)) {
      const about = { id: `lapsed:${topUpId}`, topUpId, paymentRef: null };
      await this.hear({ ...about, fact: { kind: 'expired' } });
    }
  }

  private provider(details: Readonly<Record<string, unknown>> = {}): PaymentProvider {
    const { provider } = this.parts;
    if (provider === null) throw new DomainError('payments.none', details);
    return provider;
  }

  private async views(topUps: readonly TopUp[]): Promise<TopUpView[]> {
    const facts = await readFacts(
      this.parts.pool,
      topUps.map(({ id }) => id),
    );
    return topUps.map((topUp) => viewOf(topUp, facts.get(topUp.id) ?? []));
  }
}

/** What the customer is asked to pay for. */
export const billOf = (
  order: Pick<TopUp, 'id' | 'accountId' | 'amountCents' | 'creditsMicros'>,
): Bill => ({
  topUpId: order.id,
  accountId: order.accountId,
  amountCents: order.amountCents,
  title: `${(order.creditsMicros / 1_000_000n).toLocaleString('en-US')} Safelight credits`,
});

const standingOf = (topUp: TopUp, facts: readonly RecordedFact[] = []) =>
  fold(
    topUp,
    facts.map(({ fact }) => fact),
    Date.now(),
  );

function viewOf(topUp: TopUp, facts: readonly RecordedFact[]): TopUpView {
  const { id, creditsMicros, amountCents, origin, createdAt } = topUp;
  const { status, reason, refundedCents, disputedCents, checkoutUrl } = standingOf(topUp, facts);
  const isPaid = status !== 'pending' && status !== 'failed';
  const paidAt = isPaid ? firstOf(facts, 'paid') : null;
  return {
    ...{ id, package: topUp.package, creditsMicros, amountCents, origin },
    ...{ status, reason, refundedCents, disputedCents, checkoutUrl },
    createdAt: createdAt.toISOString(),
    paidAt,
  };
}

function firstOf(facts: readonly RecordedFact[], kind: string): string | null {
  const times = facts
    .filter(({ fact }) => fact.kind === kind)
    .map(({ recordedAt }) => recordedAt.toISOString());
  return times.toSorted()[0] ?? null;
}
