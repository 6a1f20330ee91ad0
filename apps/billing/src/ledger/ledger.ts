import { balanceOf, headOf, nowFor, type Book } from './book.js';
import { budgetsAt } from './budgets.js';
import type { Answer, LedgerCommand } from './commands.js';
import { setBudget } from './decide-budgets.js';
import { adjustBalance, expireGrant, grantCredits, topUpCredits } from './decide-credits.js';
import { captureHold, expireHold, placeHold, voidHold } from './decide-holds.js';
import { refundCharge, reverseTransaction } from './decide-undoing.js';
import type { Decision } from './decision.js';

export type * from './commands.js';
export type { Decision, Refusal } from './decision.js';
export { captureGraceMs } from './decide-holds.js';

/**
 * Decides one command, given what the ledger says.
 *
 * Refusals: `amount.not_positive`, `amount.zero`, `grant.mismatch`, `topup.mismatch`,
 * `hold.mismatch`, `refund.mismatch`, `reversal.mismatch`, `adjustment.mismatch` (this id stands for
 * something else), `account.unknown` (never had any credits), `credits.insufficient`,
 * `hold.resolved`, `hold.unknown`, `hold.not_expired`, `hold.not_captured`, `capture.exceeds_hold`,
 * `refund.exceeds_capture`, `transaction.unknown`, `transaction.not_reversible` (neither a top-up nor
 * a grant), `reversal.exceeds_transaction`, `grant.unknown`, `grant.not_expired`, `grant.expired`
 * (what was left of it has gone back), `adjustment.wrong_direction` (a shortfall is only collected),
 * `budget.exceeded`, `budget.mismatch`, `budget.too_many`, `amount.negative`.
 */
export function decide(command: LedgerCommand, book: Book): Decision {
  switch (command.type) {
    case 'GrantCredits':
      return grantCredits(command, book);
    case 'TopUpCredits':
      return topUpCredits(command, book);
    case 'PlaceHold':
      return placeHold(command, book);
    case 'CaptureHold':
      return captureHold(command, book);
    case 'VoidHold':
      return voidHold(command, book);
    case 'ExpireHold':
      return expireHold(command, book);
    case 'RefundCharge':
      return refundCharge(command, book);
    case 'ReverseTransaction':
      return reverseTransaction(command, book);
    case 'AdjustBalance':
      return adjustBalance(command, book);
    case 'ExpireGrant':
      return expireGrant(command, book);
    case 'SetBudget':
      return setBudget(command, book);
  }
}

/** The answer to a command that was accepted or repeated, from the book as it is then. */
export function answerTo(command: LedgerCommand, book: Book): Answer {
  switch (command.type) {
    case 'GrantCredits':
    case 'TopUpCredits':
      return balanceOf(book, command.accountId);
    case 'PlaceHold': {
      const hold = must(book.holds.get(command.holdId), command);
      return { hold, balance: balanceOf(book, hold.accountId) };
    }
    case 'CaptureHold':
    case 'VoidHold':
    case 'ExpireHold':
      return must(book.resolutions.get(command.holdId), command);
    case 'RefundCharge':
      return must(book.refunds.get(command.refundId), command);
    case 'ReverseTransaction':
      return must(book.reversals.get(command.reversalId), command);
    case 'AdjustBalance':
      return must(book.adjustments.get(command.adjustmentId), command);
    case 'ExpireGrant':
      return { expiredMicros: book.expiredGrants.get(command.grantId) ?? 0n };
    case 'SetBudget': {
      const { accountId, keyId } = command;
      const nowMs = nowFor(book, accountId);
      const { budgets, recordedAtMs } = headOf(book, accountId);
      const standing = budgetsAt(budgets, recordedAtMs, nowMs);
      return { budget: standing.find((one) => one.keyId === keyId) ?? null, nowMs };
    }
  }
}

function must<T>(value: T | undefined, command: LedgerCommand): T {
  if (value === undefined) throw new Error(`${command.type} was decided but left no trace`);
  return value;
}
