import {
  readStatement,
  type StatementBalance,
  type StatementHead,
  type StatementLine,
} from '@safelight/contracts';
import type { RequestClient } from '@safelight/messaging';
import type { z } from 'zod';

/** Credits, and how many of them were bought; in micro-credits. */
export interface Sum {
  readonly amountMicros: bigint;
  readonly paidMicros: bigint;
}
export type Totals = Readonly<Record<StatementLine['type'], Sum>>;

/** A line, and what the account owned after it. */
export interface Movement {
  readonly line: StatementLine;
  readonly balanceMicros: bigint;
}

const ZERO: Sum = { amountMicros: 0n, paidMicros: 0n };
const PAGE = 250;
type Page = z.output<typeof readStatement.reply>;

/** In the order in which statements name them. */
export const lineTypes = [
  'top_up',
  'grant',
  'charge',
  'refund',
  'reversal',
  'adjustment',
  'expiry',
] as const satisfies readonly StatementLine['type'][];

const plus = (a: Sum, b: Sum): Sum => ({
  amountMicros: a.amountMicros + b.amountMicros,
  paidMicros: a.paidMicros + b.paidMicros,
});

/** What an account owned, available and held together. */
export const ownedIn = (balance: StatementBalance): Sum => ({
  amountMicros: balance.availableMicros + balance.heldMicros,
  paidMicros: balance.paidMicros,
});

/**
 * A month's movements, page after page, so that a long month needs no more memory than a short one.
 * Added up on the way: when the opening balance and all movements do not make the closing one, it
 * throws instead of ending, and nobody is sent the end of a statement that is wrong.
 */
export class Movements {
  private sums: Totals = Object.fromEntries(lineTypes.map((type) => [type, ZERO])) as Totals;
  private owned: Sum;

  constructor(
    private readonly services: Pick<RequestClient, 'request'>,
    private readonly accountId: string,
    private readonly head: StatementHead,
  ) {
    this.owned = ownedIn(head.opening);
  }

  /** By type; whole once `pages` has ended. */
  get totals(): Totals {
    return this.sums;
  }

  async *pages(): AsyncGenerator<readonly Movement[]> {
    const until = this.head.closing.sequence;
    let after: number | null = this.head.opening.sequence;
    while (after !== null && after < until) {
      const page: Page = await this.page(after, until);
      yield page.lines.map((line) => this.moved(line));
      after = page.next;
    }
    const closing = ownedIn(this.head.closing);
    const { amountMicros, paidMicros } = this.owned;
    if (amountMicros !== closing.amountMicros || paidMicros !== closing.paidMicros) {
      throw new Error('a statement does not add up to the closing balance');
    }
  }

  private page(after: number, until: number): Promise<Page> {
    const asked = { accountId: this.accountId, after, until, limit: PAGE };
    return this.services.request(readStatement, asked, DEADLINE);
  }

  private moved(line: StatementLine): Movement {
    this.owned = plus(this.owned, line);
    this.sums = { ...this.sums, [line.type]: plus(this.sums[line.type], line) };
    return { line, balanceMicros: this.owned.amountMicros };
  }
}

const DEADLINE = { deadlineMs: 10_000 };
