import type { Action } from '../decisions/judgement.js';

/** A decision, as it was made and as it would be. */
export interface Redecided {
  readonly decisionId: string;
  readonly accountId: string;
  readonly before: {
    readonly action: Action;
    readonly ruleId: string | null;
    readonly category: string | null;
  };
  readonly after: Redecided['before'];
}

/** How many decisions went from one action to another. */
export interface Flips {
  readonly from: Action;
  readonly to: Action;
  /** Of whichever of both does something. */
  readonly category: string;
  readonly ruleId: string;
  readonly count: number;
}

/** Who would meet how many other decisions than they did. */
export interface AccountFlips {
  readonly accountId: string;
  readonly decisions: number;
  readonly flips: number;
}

/** Counts what changes; the memory that it takes grows with accounts, not with decisions. */
export class FlipCount {
  private readonly kinds = new Map<string, Omit<Flips, 'count'> & { count: number }>();
  private readonly accounts = new Map<string, { decisions: number; flips: number }>();
  private all = 0;
  private changed = 0;

  /** @returns whether it is another decision */
  add({ accountId, before, after }: Redecided): boolean {
    const account = this.accounts.get(accountId) ?? { decisions: 0, flips: 0 };
    this.accounts.set(accountId, account);
    account.decisions += 1;
    this.all += 1;
    if (before.action === after.action) return false;
    account.flips += 1;
    this.changed += 1;
    const told = after.action === 'allow' ? before : after;
    const { category, ruleId } = {
      category: told.category ?? 'none',
      ruleId: told.ruleId ?? 'none',
    };
    const key = [before.action, after.action, category, ruleId].join(' ');
    const kind = this.kinds.get(key) ?? {
      ...{ from: before.action, to: after.action, category, ruleId, count: 0 },
    };
    this.kinds.set(key, kind);
    kind.count += 1;
    return true;
  }

  get decisions(): number {
    return this.all;
  }

  get flips(): number {
    return this.changed;
  }

  /** The most first. */
  byCategory(): Flips[] {
    return [...this.kinds.values()].sort((a, b) => b.count - a.count);
  }

  /** Those that have any, the most first. */
  byAccount(): AccountFlips[] {
    return [...this.accounts]
      .filter(([, { flips }]) => flips > 0)
      .map(([accountId, counted]) => ({ accountId, ...counted }))
      .sort((a, b) => b.flips - a.flips || (a.accountId < b.accountId ? -1 : 1));
  }
}
