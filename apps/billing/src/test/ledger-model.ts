import type { LedgerCommand } from '../ledger/ledger.js';
import { ModelBudgets } from './model-budgets.js';
import {
  boughtFirst,
  captureOf,
  fairShares,
  Purse,
  type Done,
  type ModelHold,
  type ModelSource,
  type Pile,
} from './model-purse.js';

type Of<Type extends LedgerCommand['type']> = Extract<LedgerCommand, { type: Type }>;

/**
 * The ledger as a child would write it: a purse with piles of coins per account and a note per thing
 * that happened. It shares no code with it, and knows nothing of postings, sequences or batches.
 */
export class LedgerModel {
  private purses = new Map<string, Purse>();
  private sources = new Map<string, ModelSource>();
  private holds = new Map<string, ModelHold>();
  private done = new Map<string, Done>();
  private budgets = new ModelBudgets();
  revenue = 0n;
  given = 0n;
  payments = 0n;
  refunds = 0n;
  byHand = 0n;
  losses = 0n;

  copy(): LedgerModel {
    const copy = Object.assign(new LedgerModel(), this);
    copy.purses = new Map([...this.purses].map(([account, purse]) => [account, purse.copy()]));
    copy.sources = structuredClone(this.sources);
    copy.holds = structuredClone(this.holds);
    copy.done = structuredClone(this.done);
    copy.budgets = this.budgets.copy();
    return copy;
  }

  /** What the caller should be told, as text that can be compared. */
  ask(command: LedgerCommand, nowMs: number): string {
    switch (command.type) {
      case 'GrantCredits':
        return this.grant(command);
      case 'TopUpCredits':
        return this.topUp(command);
      case 'PlaceHold':
        return this.place(command, nowMs);
      case 'CaptureHold':
        return this.end(command.holdId, nowMs, (hold) => captureOf(command, hold, nowMs));
      case 'VoidHold':
        return this.end(command.holdId, nowMs, () => ({ kind: 'voided', taken: 0n }));
      case 'ExpireHold':
        return this.end(command.holdId, nowMs, (hold) =>
          nowMs < hold.endsAt ? 'refused hold.not_expired' : { kind: 'expired', taken: 0n },
        );
      case 'RefundCharge':
        return this.refund(command, nowMs);
      case 'ReverseTransaction':
        return this.reverse(command, nowMs);
      case 'AdjustBalance':
        return this.adjust(command, nowMs);
      case 'ExpireGrant':
        return this.expire(command, nowMs);
      case 'SetBudget':
        return this.budgets.ask(command, nowMs, () => this.open(command.accountId));
    }
  }

  balance(account: string): string {
    const { available, held } = this.purse(account);
    return `available ${available} held ${held}`;
  }

  /** What the account's credits are made of. */
  piles(account: string): string {
    return this.purse(account).text();
  }

  private purse(account: string): Purse {
    return this.purses.get(account) ?? new Purse();
  }

  private open(account: string): Purse {
    return this.purses.set(account, this.purse(account)).get(account)!;
  }

  /** Once per note: the same answer to the same question, and a refusal of any other. */
  private once(note: string, asked: string, kind: string, how: () => string): string {
    const earlier = this.done.get(note);
    if (earlier) return earlier.asked === asked ? earlier.answer : `refused ${kind}.mismatch`;
    const answer = how();
    if (!answer.startsWith('refused')) this.done.set(note, { asked, answer });
    return answer;
  }

  private bring(note: string, account: string, pile: Pile): string {
    if (pile.size <= 0n) return 'refused amount.not_positive';
    const before = this.sources.get(note);
    if (before) {
      const isSame = before.account === account && before.amount === pile.size;
      if (isSame && before.pile.endsAt === pile.endsAt) return this.balance(account);
      return `refused ${note.split(':')[0]}.mismatch`;
    }
    this.sources.set(note, { account, amount: pile.size, pile, undone: 0n });
    this.open(account).put(pile);
    if (pile.name === 'paid') this.payments += pile.size;
    else this.given += pile.size;
    return this.balance(account);
  }

  private grant({ grantId, accountId, amountMicros, expiresAtMs }: Of<'GrantCredits'>): string {
    const name = expiresAtMs === null ? 'given' : grantId;
    const pile = { name, endsAt: expiresAtMs ?? Infinity, size: amountMicros };
    return this.bring(`grant:${grantId}`, accountId, pile);
  }

  private topUp({ provider, paymentId, accountId, amountMicros }: Of<'TopUpCredits'>): string {
    const pile = { name: 'paid', endsAt: Infinity, size: amountMicros };
    return this.bring(`topup:${provider}:${paymentId}`, accountId, pile);
  }

  private place(command: Of<'PlaceHold'>, nowMs: number): string {
    const { holdId, accountId: account, item, priceMicros: price, lifetimeMs } = command;
    const before = this.holds.get(holdId);
    if (before) {
      if (before.account !== account || before.item !== item) return 'refused hold.mismatch';
      if (before.end) return 'refused hold.resolved';
      return `hold ${before.price} ${this.balance(account)}`;
    }
    const purse = this.purses.get(account);
    if (!purse) return 'refused account.unknown';
    if (purse.good(nowMs) < price) return 'refused credits.insufficient';
    if (!this.budgets.spend(command, nowMs)) return 'refused budget.exceeded';
    const piles = purse.spend(price, nowMs);
    purse.held += price;
    const endsAt = nowMs + lifetimeMs;
    this.holds.set(holdId, { account, item, price, endsAt, piles, charged: [] });
    return `hold ${price} ${this.balance(account)}`;
  }

  private end(
    holdId: string,
    nowMs: number,
    how: (hold: ModelHold) => string | { kind: string; taken: bigint },
  ): string {
    const hold = this.holds.get(holdId);
    if (!hold) return 'refused hold.unknown';
    if (hold.end) return hold.end;
    const end = how(hold);
    if (typeof end === 'string') return end;
    const purse = this.open(hold.account);
    const aside = new Purse(hold.piles);
    hold.charged = boughtFirst(aside.spend(end.taken, -Infinity));
    purse.held -= hold.price;
    this.budgets.giveBack(holdId, hold.price - end.taken);
    this.revenue += end.taken;
    for (const pile of aside.piles) this.giveBack(purse, pile, nowMs);
    hold.end = `${end.kind} ${end.taken} back ${hold.price - end.taken}`;
    return hold.end;
  }

  /** @returns how much of it was too late */
  private giveBack(purse: Purse, pile: Pile, nowMs: number): bigint {
    if (pile.endsAt > nowMs) {
      purse.put(pile);
      return 0n;
    }
    this.given -= pile.size;
    return pile.size;
  }

  private refund(command: Of<'RefundCharge'>, nowMs: number): string {
    const { refundId, holdId, amountMicros: amount } = command;
    if (amount <= 0n) return 'refused amount.not_positive';
    return this.once(`refund ${refundId}`, `${holdId} ${amount}`, 'refund', () => {
      const hold = this.holds.get(holdId);
      if (!hold) return 'refused hold.unknown';
      if (!hold.end?.startsWith('captured') || hold.end.startsWith('captured 0 ')) {
        return 'refused hold.not_captured';
      }
      if (new Purse(hold.charged).available < amount) return 'refused refund.exceeds_capture';
      const shares = fairShares(hold.charged, amount);
      const purse = this.open(hold.account);
      let late = 0n;
      for (const pile of shares) late += this.giveBack(purse, pile, nowMs);
      for (const [n, pile] of hold.charged.entries()) pile.size -= shares[n]!.size;
      this.refunds += amount;
      this.budgets.giveBack(holdId, amount);
      const paid = shares.find(({ name }) => name === 'paid')?.size ?? 0n;
      return `refund ${amount} paid ${paid} given ${amount - paid - late} lapsed ${late}`;
    });
  }

  private reverse(command: Of<'ReverseTransaction'>, nowMs: number): string {
    const { reversalId, transactionId, amountMicros: amount } = command;
    if (amount <= 0n) return 'refused amount.not_positive';
    return this.once(`reverse ${reversalId}`, `${transactionId} ${amount}`, 'reversal', () => {
      if (!/^(grant|topup):/.test(transactionId)) return 'refused transaction.not_reversible';
      const source = this.sources.get(transactionId);
      if (!source) return 'refused transaction.unknown';
      if (source.pile.endsAt <= nowMs) return 'refused grant.expired';
      if (source.undone + amount > source.amount) return 'refused reversal.exceeds_transaction';
      source.undone += amount;
      const taken = this.open(source.account).take(source.pile.name, amount);
      if (source.pile.name === 'paid') this.payments -= amount;
      else this.given -= amount;
      this.losses += amount - taken;
      return `reversed ${amount} short ${amount - taken}`;
    });
  }

  private adjust(command: Of<'AdjustBalance'>, nowMs: number): string {
    const { adjustmentId, accountId, amountMicros: amount, credits, reason } = command;
    if (amount === 0n) return 'refused amount.zero';
    const asked = `${accountId} ${amount} ${credits} ${reason}`;
    return this.once(`adjust ${adjustmentId}`, asked, 'adjustment', () => {
      const purse = this.purses.get(accountId);
      if (!purse) return 'refused account.unknown';
      const collects = reason === 'shortfall_collected';
      if (collects && amount > 0n) return 'refused adjustment.wrong_direction';
      const paid = purse.sizeOf('paid');
      const most = credits === 'paid' ? paid : purse.good(nowMs) - paid;
      if (most + amount < 0n) return 'refused credits.insufficient';
      if (amount > 0n) {
        purse.put({ name: credits === 'paid' ? 'paid' : 'given', endsAt: Infinity, size: amount });
      } else if (credits === 'paid') purse.take('paid', -amount);
      else purse.spend(-amount, nowMs);
      if (collects) this.losses += amount;
      else this.byHand += amount;
      return `adjusted ${amount} ${credits}`;
    });
  }

  private expire({ grantId }: Of<'ExpireGrant'>, nowMs: number): string {
    const source = this.sources.get(`grant:${grantId}`);
    if (!source) return 'refused grant.unknown';
    if (source.pile.endsAt > nowMs) return 'refused grant.not_expired';
    const earlier = this.done.get(`expire ${grantId}`);
    if (earlier) return earlier.answer;
    const gone = this.open(source.account).take(grantId, source.amount);
    this.given -= gone;
    if (gone > 0n) this.done.set(`expire ${grantId}`, { asked: '', answer: `expired ${gone}` });
    return `expired ${gone}`;
  }
}
