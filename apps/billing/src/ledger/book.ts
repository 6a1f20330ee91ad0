import { availableOf, heldOf, isCustomerLedgerAccount, type LedgerAccount } from './chart.js';
import type { Entry, Grant, Hold, LedgerTransaction, Resolution } from './transaction.js';

/** The newest entry of one customer's ledger account. */
export interface Head {
  /** How many entries the ledger account has. */
  readonly sequence: number;
  readonly balanceMicros: bigint;
}

/** What a decision may look at: the part of the ledger that a batch needs, or a whole one. */
export interface Book {
  /** The database's clock when the book was read, in epoch milliseconds. */
  readonly nowMs: number;
  readonly heads: ReadonlyMap<string, Head>;
  readonly grants: ReadonlyMap<string, Grant>;
  readonly holds: ReadonlyMap<string, Hold>;
  /** By hold id. */
  readonly resolutions: ReadonlyMap<string, Resolution>;
}

/** A book that decisions are being written into; never shared. */
export interface Draft extends Book {
  readonly heads: Map<string, Head>;
  readonly grants: Map<string, Grant>;
  readonly holds: Map<string, Hold>;
  readonly resolutions: Map<string, Resolution>;
}

export interface LedgerBalance {
  readonly availableMicros: bigint;
  readonly heldMicros: bigint;
}

const unopened: Head = { sequence: 0, balanceMicros: 0n };

export const headOf = (book: Book, account: LedgerAccount): Head =>
  book.heads.get(account) ?? unopened;

export function balanceOf(book: Book, accountId: string): LedgerBalance {
  return {
    availableMicros: headOf(book, availableOf(accountId)).balanceMicros,
    heldMicros: headOf(book, heldOf(accountId)).balanceMicros,
  };
}

export function emptyDraft(nowMs: number): Draft {
  return {
    nowMs,
    heads: new Map(),
    grants: new Map(),
    holds: new Map(),
    resolutions: new Map(),
  };
}

export function draftOf(book: Book): Draft {
  return {
    nowMs: book.nowMs,
    heads: new Map(book.heads),
    grants: new Map(book.grants),
    holds: new Map(book.holds),
    resolutions: new Map(book.resolutions),
  };
}

/**
 * Writes an accepted transaction into the draft.
 *
 * @returns its entries, in the order in which they must be stored
 * @throws when a customer's balance would go below zero: the decision was wrong, so nothing may
 *   be stored
 */
export function post(draft: Draft, transaction: LedgerTransaction): Entry[] {
  remember(draft, transaction);
  return transaction.postings.flatMap((posting, index) => [
    enter(draft, transaction.id, 2 * index, posting.from, -posting.amountMicros),
    enter(draft, transaction.id, 2 * index + 1, posting.to, posting.amountMicros),
  ]);
}

function remember(draft: Draft, transaction: LedgerTransaction): void {
  switch (transaction.kind) {
    case 'grant':
      draft.grants.set(transaction.grant.grantId, transaction.grant);
      return;
    case 'hold':
      draft.holds.set(transaction.hold.holdId, transaction.hold);
      return;
    case 'settlement':
      draft.resolutions.set(transaction.holdId, transaction.resolution);
  }
}

function enter(
  draft: Draft,
  transactionId: string,
  line: number,
  ledgerAccount: LedgerAccount,
  amountMicros: bigint,
): Entry {
  const entry = { transactionId, line, ledgerAccount, amountMicros };
  if (!isCustomerLedgerAccount(ledgerAccount)) {
    return { ...entry, sequence: null, balanceAfterMicros: null };
  }
  const head = headOf(draft, ledgerAccount);
  const next = { sequence: head.sequence + 1, balanceMicros: head.balanceMicros + amountMicros };
  if (next.balanceMicros < 0n) throw new Error(`${transactionId} overdraws ${ledgerAccount}`);
  draft.heads.set(ledgerAccount, next);
  return { ...entry, sequence: next.sequence, balanceAfterMicros: next.balanceMicros };
}
