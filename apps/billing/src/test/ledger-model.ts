import { captureGraceMs, type LedgerCommand } from '../ledger/ledger.js';

/**
 * The ledger as a child would write it: two numbers per account and a note per hold. It shares no
 * code with the ledger, and knows nothing of postings, sequences or batches.
 */
export class LedgerModel {
  private wallets = new Map<string, { available: bigint; held: bigint }>();
  private grants = new Map<string, { account: string; amount: bigint }>();
  private holds = new Map<
    string,
    { account: string; item: string; price: bigint; endsAt: number; end?: string }
  >();
  revenue = 0n;
  given = 0n;

  copy(): LedgerModel {
    const copy = new LedgerModel();
    copy.wallets = structuredClone(this.wallets);
    copy.grants = structuredClone(this.grants);
    copy.holds = structuredClone(this.holds);
    copy.revenue = this.revenue;
    copy.given = this.given;
    return copy;
  }

  /** What the caller should be told, as text that can be compared. */
  ask(command: LedgerCommand, nowMs: number): string {
    switch (command.type) {
      case 'GrantCredits':
        return this.grant(command.grantId, command.accountId, command.amountMicros);
      case 'PlaceHold':
        return this.place(command, nowMs);
      case 'CaptureHold':
        return this.end(command.holdId, (hold) => {
          if (command.numerator > command.denominator) return 'refused capture.exceeds_hold';
          if (nowMs > hold.endsAt + captureGraceMs) return { kind: 'expired', taken: 0n };
          const share = hold.price * BigInt(command.numerator);
          const taken =
            (share - (share % BigInt(command.denominator))) / BigInt(command.denominator);
          return { kind: 'captured', taken };
        });
      case 'VoidHold':
        return this.end(command.holdId, () => ({ kind: 'voided', taken: 0n }));
      case 'ExpireHold':
        return this.end(command.holdId, (hold) =>
          nowMs < hold.endsAt ? 'refused hold.not_expired' : { kind: 'expired', taken: 0n },
        );
    }
  }

  balance(account: string): string {
    const { available, held } = this.wallet(account);
    return `available ${available.toString()} held ${held.toString()}`;
  }

  private wallet(account: string): { available: bigint; held: bigint } {
    return this.wallets.get(account) ?? { available: 0n, held: 0n };
  }

  private grant(id: string, account: string, amount: bigint): string {
    if (amount <= 0n) return 'refused amount.not_positive';
    const before = this.grants.get(id);
    if (before && (before.account !== account || before.amount !== amount)) {
      return 'refused grant.mismatch';
    }
    if (!before) {
      this.grants.set(id, { account, amount });
      const { available, held } = this.wallet(account);
      this.wallets.set(account, { available: available + amount, held });
      this.given += amount;
    }
    return this.balance(account);
  }

  private place(command: Extract<LedgerCommand, { type: 'PlaceHold' }>, nowMs: number): string {
    const { holdId, accountId: account, item, priceMicros: price, lifetimeMs } = command;
    const before = this.holds.get(holdId);
    if (before) {
      if (before.account !== account || before.item !== item) return 'refused hold.mismatch';
      if (before.end) return 'refused hold.resolved';
      return `hold ${before.price.toString()} ${this.balance(account)}`;
    }
    if (!this.wallets.has(account)) return 'refused account.unknown';
    const { available, held } = this.wallet(account);
    if (available < price) return 'refused credits.insufficient';
    this.wallets.set(account, { available: available - price, held: held + price });
    this.holds.set(holdId, { account, item, price, endsAt: nowMs + lifetimeMs });
    return `hold ${price.toString()} ${this.balance(account)}`;
  }

  private end(
    holdId: string,
    how: (hold: { price: bigint; endsAt: number }) => string | { kind: string; taken: bigint },
  ): string {
    const hold = this.holds.get(holdId);
    if (!hold) return 'refused hold.unknown';
    if (hold.end) return hold.end;
    const end = how(hold);
    if (typeof end === 'string') return end;
    const { available, held } = this.wallet(hold.account);
    const back = hold.price - end.taken;
    this.wallets.set(hold.account, { available: available + back, held: held - hold.price });
    this.revenue += end.taken;
    hold.end = `${end.kind} ${end.taken.toString()} back ${back.toString()}`;
    return hold.end;
  }
}
