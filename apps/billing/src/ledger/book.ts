import {
  budgetsAt,
  noBudgets,
  withChange,
  withGivenBack,
  withSpent,
  type BudgetChange,
  type Budgets,
} from './budgets.js';
import { added, isWhole, noLots, totalOf, type Lots } from './lots.js';
import {
  changeIn,
  transactionId,
  type Adjustment,
  type Grant,
  type Hold,
  type LedgerTransaction,
  type Placed,
  type Refund,
  type Resolution,
  type Reversal,
  type TopUp,
} from './transaction.js';

export interface LedgerBalance {
  readonly availableMicros: bigint;
  readonly heldMicros: bigint;
}

/** What an account's newest transaction left. */
export interface Head extends LedgerBalance {
  /** How many transactions the account has. */
  readonly sequence: number;
  /** What is available, by lot. */
  readonly lots: Lots;
  /** As they stood when the newest was recorded; see `budgetsAt`. */
  readonly budgets: Budgets;
  /** When the newest was recorded, on the database's clock in epoch milliseconds. */
  readonly recordedAtMs: number;
}

/** What a decision may look at: the part of the ledger that a batch needs, or a whole one. */
export interface Book {
  /** The database's clock when the book was read, in epoch milliseconds; see `nowFor`. */
  readonly nowMs: number;
  /** By account id. */
  readonly heads: ReadonlyMap<string, Head>;
  readonly grants: ReadonlyMap<string, Grant>;
  readonly topUps: ReadonlyMap<string, TopUp>;
  readonly holds: ReadonlyMap<string, Hold>;
  /** By hold id. */
  readonly resolutions: ReadonlyMap<string, Resolution>;
  readonly refunds: ReadonlyMap<string, Refund>;
  readonly reversals: ReadonlyMap<string, Reversal>;
  readonly adjustments: ReadonlyMap<string, Adjustment>;
  readonly budgetChanges: ReadonlyMap<string, BudgetChange>;
  /** What expired, by grant id. */
  readonly expiredGrants: ReadonlyMap<string, bigint>;
  /** What was refunded or reversed of a transaction, part after part, by its id. */
  readonly undone: ReadonlyMap<string, readonly bigint[]>;
}

/** A book that decisions are being written into; never shared. */
export interface Draft extends Book {
  readonly heads: Map<string, Head>;
  readonly grants: Map<string, Grant>;
  readonly topUps: Map<string, TopUp>;
  readonly holds: Map<string, Hold>;
  readonly resolutions: Map<string, Resolution>;
  readonly refunds: Map<string, Refund>;
  readonly reversals: Map<string, Reversal>;
  readonly adjustments: Map<string, Adjustment>;
  readonly budgetChanges: Map<string, BudgetChange>;
  readonly expiredGrants: Map<string, bigint>;
  readonly undone: Map<string, readonly bigint[]>;
}

export const unopened: Head = {
  sequence: 0,
  availableMicros: 0n,
  heldMicros: 0n,
  lots: noLots,
  budgets: noBudgets,
  recordedAtMs: 0,
};

export const headOf = (book: Book, accountId: string): Head =>
  book.heads.get(accountId) ?? unopened;

/**
 * The time by which an account's commands are decided. Processes tell the database's clock each in
 * their own way, so one may be behind another by some milliseconds; an account's time never goes
 * back all the same, so that what expired stays expired.
 */
export const nowFor = (book: Book, accountId: string): number =>
  Math.max(book.nowMs, headOf(book, accountId).recordedAtMs);

export function balanceOf(book: Book, accountId: string): LedgerBalance {
  const { availableMicros, heldMicros } = headOf(book, accountId);
  return { availableMicros, heldMicros };
}

export function emptyDraft(nowMs: number): Draft {
  return {
    nowMs,
    heads: new Map(),
    grants: new Map(),
    topUps: new Map(),
    holds: new Map(),
    resolutions: new Map(),
    refunds: new Map(),
    reversals: new Map(),
    adjustments: new Map(),
    budgetChanges: new Map(),
    expiredGrants: new Map(),
    undone: new Map(),
  };
}

export function draftOf(book: Book): Draft {
  return {
    nowMs: book.nowMs,
    heads: new Map(book.heads),
    grants: new Map(book.grants),
    topUps: new Map(book.topUps),
    holds: new Map(book.holds),
    resolutions: new Map(book.resolutions),
    refunds: new Map(book.refunds),
    reversals: new Map(book.reversals),
    adjustments: new Map(book.adjustments),
    budgetChanges: new Map(book.budgetChanges),
    expiredGrants: new Map(book.expiredGrants),
    undone: new Map(book.undone),
  };
}

/**
 * Writes an accepted transaction into the draft.
 *
 * @returns it in its place
 * @throws when a customer's balance would go below zero, or lots and balance would not agree: the
 *   decision was wrong, so nothing may be stored
 */
export function post(draft: Draft, transaction: LedgerTransaction): Placed {
  const { id, accountId } = transaction;
  const before = headOf(draft, accountId);
  const recordedAtMs = nowFor(draft, accountId);
  const head: Head = {
    sequence: before.sequence + 1,
    availableMicros: before.availableMicros + changeIn(transaction, 'available'),
    heldMicros: before.heldMicros + changeIn(transaction, 'held'),
    lots: added(before.lots, transaction.lots),
    budgets: budgetsAfter(draft, transaction, recordedAtMs),
    recordedAtMs,
  };
  if (head.availableMicros < 0n || head.heldMicros < 0n || !isWhole(head.lots)) {
    throw new Error(`${id} overdraws ${accountId}`);
  }
  if (totalOf(head.lots) !== head.availableMicros) {
    throw new Error(`${id} moves other credits than it says`);
  }
  draft.heads.set(accountId, head);
  remember(draft, transaction);
  return { transaction, ...head };
}

function budgetsAfter(draft: Draft, transaction: LedgerTransaction, nowMs: number): Budgets {
  const { budgets: left, recordedAtMs, sequence } = headOf(draft, transaction.accountId);
  if (left.length === 0 && transaction.kind !== 'budget') return left;
  const budgets = budgetsAt(left, recordedAtMs, nowMs);
  switch (transaction.kind) {
    case 'hold':
      return withSpent(budgets, transaction.hold);
    case 'settlement': {
      const { holdId, resolution } = transaction;
      return withGivenBack(budgets, holdIn(draft, holdId), resolution.refundedMicros, nowMs);
    }
    case 'refund': {
      const { holdId, amountMicros } = transaction.refund;
      return withGivenBack(budgets, holdIn(draft, holdId), amountMicros, nowMs);
    }
    case 'budget':
      return withChange(budgets, transaction.change, sequence + 1);
    default:
      return budgets;
  }
}

function holdIn(draft: Draft, holdId: string): Hold {
  const hold = draft.holds.get(holdId);
  if (!hold) throw new Error(`${holdId} is undone but was not read`);
  return hold;
}

function remember(draft: Draft, transaction: LedgerTransaction): void {
  switch (transaction.kind) {
    case 'grant':
      draft.grants.set(transaction.grant.grantId, transaction.grant);
      return;
    case 'topup':
      draft.topUps.set(transaction.topUp.topUpId, transaction.topUp);
      return;
    case 'hold':
      draft.holds.set(transaction.hold.holdId, transaction.hold);
      return;
    case 'settlement':
      draft.resolutions.set(transaction.holdId, transaction.resolution);
      return;
    case 'refund': {
      const { refundId, holdId, amountMicros } = transaction.refund;
      draft.refunds.set(refundId, transaction.refund);
      undo(draft, transactionId.settlement(holdId), amountMicros);
      return;
    }
    case 'reversal': {
      const { reversalId, transactionId: undoneId, amountMicros } = transaction.reversal;
      draft.reversals.set(reversalId, transaction.reversal);
      undo(draft, undoneId, amountMicros);
      return;
    }
    case 'adjustment':
      draft.adjustments.set(transaction.adjustment.adjustmentId, transaction.adjustment);
      return;
    case 'budget':
      draft.budgetChanges.set(transaction.change.changeId, transaction.change);
      return;
    case 'grant_expired':
      draft.expiredGrants.set(transaction.grantId, transaction.expiredMicros);
  }
}

function undo(draft: Draft, undoneId: string, amountMicros: bigint): void {
  draft.undone.set(undoneId, [...(draft.undone.get(undoneId) ?? []), amountMicros]);
}
