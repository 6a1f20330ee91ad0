import {
  changeIn,
  type Grant,
  type Hold,
  type LedgerTransaction,
  type Placed,
  type Resolution,
} from './transaction.js';

export interface LedgerBalance {
  readonly availableMicros: bigint;
  readonly heldMicros: bigint;
}

/** What an account's newest transaction left. */
export interface Head extends LedgerBalance {
  /** How many transactions the account has. */
  readonly sequence: number;
}

/** What a decision may look at: the part of the ledger that a batch needs, or a whole one. */
export interface Book {
  /** The database's clock when the book was read, in epoch milliseconds. */
  readonly nowMs: number;
  /** By account id. */
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

const unopened: Head = { sequence: 0, availableMicros: 0n, heldMicros: 0n };

export const headOf = (book: Book, accountId: string): Head =>
  book.heads.get(accountId) ?? unopened;

export function balanceOf(book: Book, accountId: string): LedgerBalance {
  const { availableMicros, heldMicros } = headOf(book, accountId);
  return { availableMicros, heldMicros };
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
 * @returns it in its place
 * @throws when a customer's balance would go below zero: the decision was wrong, so nothing may
 *   be stored
 */
export function post(draft: Draft, transaction: LedgerTransaction): Placed {
  const { id, accountId } = transaction;
  const before = headOf(draft, accountId);
  const head: Head = {
    sequence: before.sequence + 1,
    availableMicros: before.availableMicros + changeIn(transaction, 'available'),
    heldMicros: before.heldMicros + changeIn(transaction, 'held'),
  };
  if (head.availableMicros < 0n || head.heldMicros < 0n) {
    throw new Error(`${id} overdraws ${accountId}`);
  }
  draft.heads.set(accountId, head);
  remember(draft, transaction);
  return { transaction, ...head };
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
