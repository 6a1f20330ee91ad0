import { balanceOf, headOf, type Book, type LedgerBalance } from './book.js';
import {
  transactionId,
  type Hold,
  type LedgerTransaction,
  type Posting,
  type Resolution,
} from './transaction.js';

/** What the ledger may be asked. Every id is permanent: asking twice does it once. */
export type LedgerCommand = GrantCredits | PlaceHold | CaptureHold | VoidHold | ExpireHold;

export interface GrantCredits {
  readonly type: 'GrantCredits';
  readonly grantId: string;
  readonly accountId: string;
  readonly amountMicros: bigint;
  readonly reason: string;
}
export interface PlaceHold {
  readonly type: 'PlaceHold';
  readonly holdId: string;
  readonly accountId: string;
  /** What is paid for, as canonical text. */
  readonly item: string;
  readonly priceMicros: bigint;
  readonly priceVersion: string;
  /** What the price is made of, as text; kept with the hold. */
  readonly lines?: string;
  readonly lifetimeMs: number;
}
/** Takes `numerator / denominator` of the price; the rest goes back. */
export interface CaptureHold {
  readonly type: 'CaptureHold';
  readonly holdId: string;
  readonly numerator: number;
  readonly denominator: number;
}
export interface VoidHold {
  readonly type: 'VoidHold';
  readonly holdId: string;
  readonly reason: string;
}
/** Gives back a hold whose time is over. */
export interface ExpireHold {
  readonly type: 'ExpireHold';
  readonly holdId: string;
}

export type Decision =
  | { readonly status: 'accepted'; readonly transaction: LedgerTransaction }
  /** The same thing was done before, and nothing happens now. */
  | { readonly status: 'repeated' }
  | Refusal;

export interface Refusal {
  readonly status: 'refused';
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a command that was not refused is answered with. */
export interface Answers {
  GrantCredits: LedgerBalance;
  PlaceHold: Readonly<{ hold: Hold; balance: LedgerBalance }>;
  CaptureHold: Resolution;
  VoidHold: Resolution;
  ExpireHold: Resolution;
}
export type Answer = Answers[LedgerCommand['type']];

/**
 * An unresolved hold can still be captured for this long after its time was over, while the sweep
 * has not come by; later it can only expire, however late the sweep or the capture is.
 */
export const captureGraceMs = 5 * 60_000;

/**
 * Decides one command, given what the ledger says.
 *
 * Refusals: `amount.not_positive`, `grant.mismatch` (this grant id gave other credits),
 * `account.unknown` (never granted anything), `credits.insufficient`, `hold.mismatch` (this hold id
 * belongs to another account or item), `hold.resolved`, `hold.unknown`, `hold.not_expired`,
 * `capture.exceeds_hold`.
 */
export function decide(command: LedgerCommand, book: Book): Decision {
  switch (command.type) {
    case 'GrantCredits':
      return grantCredits(command, book);
    case 'PlaceHold':
      return placeHold(command, book);
    case 'CaptureHold':
      return captureHold(command, book);
    case 'VoidHold':
      return settle(command.holdId, book, (hold) =>
        settlement(hold, 'voided', 0n, { reason: command.reason }),
      );
    case 'ExpireHold':
      return settle(command.holdId, book, (hold) =>
        hold.expiresAtMs > book.nowMs
          ? refused('hold.not_expired', { expiresAtMs: hold.expiresAtMs })
          : settlement(hold, 'expired', 0n, {}),
      );
  }
}

/** The answer to a command that was accepted or repeated, from the book as it is then. */
export function answerTo(command: LedgerCommand, book: Book): Answer {
  if (command.type === 'GrantCredits') return balanceOf(book, command.accountId);
  if (command.type === 'PlaceHold') {
    const hold = must(book.holds.get(command.holdId), command);
    return { hold, balance: balanceOf(book, hold.accountId) };
  }
  return must(book.resolutions.get(command.holdId), command);
}

function grantCredits(command: GrantCredits, book: Book): Decision {
  const { grantId, accountId, amountMicros, reason } = command;
  if (amountMicros <= 0n) return refused('amount.not_positive', { amountMicros });
  const earlier = book.grants.get(grantId);
  if (earlier) {
    const same = earlier.accountId === accountId && earlier.amountMicros === amountMicros;
    return same ? { status: 'repeated' } : refused('grant.mismatch', { grantId });
  }
  return accepted({
    kind: 'grant',
    id: transactionId.grant(grantId),
    accountId,
    postings: [{ from: 'promotions', to: 'available', amountMicros }],
    metadata: { reason },
    grant: { grantId, accountId, amountMicros },
  });
}

function placeHold(command: PlaceHold, book: Book): Decision {
  const { holdId, accountId, item, priceMicros, priceVersion } = command;
  const earlier = book.holds.get(holdId);
  if (earlier) {
    const same = earlier.accountId === accountId && earlier.item === item;
    if (!same) return refused('hold.mismatch', { holdId });
    const resolution = book.resolutions.get(holdId);
    return resolution
      ? refused('hold.resolved', { holdId, kind: resolution.kind })
      : { status: 'repeated' };
  }
  const { sequence, availableMicros } = headOf(book, accountId);
  if (sequence === 0) return refused('account.unknown', { accountId });
  if (priceMicros <= 0n) return refused('amount.not_positive', { amountMicros: priceMicros });
  if (availableMicros < priceMicros) {
    return refused('credits.insufficient', { priceMicros, availableMicros });
  }
  return accepted({
    kind: 'hold',
    id: transactionId.hold(holdId),
    accountId,
    postings: [{ from: 'available', to: 'held', amountMicros: priceMicros }],
    metadata: command.lines === undefined ? {} : { lines: command.lines },
    hold: {
      ...{ holdId, accountId, item, priceMicros, priceVersion },
      expiresAtMs: book.nowMs + command.lifetimeMs,
    },
  });
}

function captureHold(command: CaptureHold, book: Book): Decision {
  const { holdId, numerator, denominator } = command;
  return settle(holdId, book, (hold) => {
    if (numerator > denominator) return refused('capture.exceeds_hold', { numerator, denominator });
    if (book.nowMs > hold.expiresAtMs + captureGraceMs) {
      return settlement(hold, 'expired', 0n, { lateCapture: `${numerator}/${denominator}` });
    }
    const capturedMicros = partOf(hold.priceMicros, numerator, denominator);
    return settlement(hold, 'captured', capturedMicros, { numerator, denominator });
  });
}

/** Rounded down, so in the customer's favour; the remainder is the rest of the price. */
function partOf(priceMicros: bigint, numerator: number, denominator: number): bigint {
  return (priceMicros * BigInt(numerator)) / BigInt(denominator);
}

function settle(holdId: string, book: Book, resolve: (hold: Hold) => Decision): Decision {
  const hold = book.holds.get(holdId);
  if (!hold) return refused('hold.unknown', { holdId });
  return book.resolutions.has(holdId) ? { status: 'repeated' } : resolve(hold);
}

function settlement(
  hold: Hold,
  kind: Resolution['kind'],
  capturedMicros: bigint,
  metadata: LedgerTransaction['metadata'],
): Decision {
  const { holdId, accountId } = hold;
  const refundedMicros = hold.priceMicros - capturedMicros;
  const postings: Posting[] = [
    { from: 'held', to: 'revenue', amountMicros: capturedMicros },
    { from: 'held', to: 'available', amountMicros: refundedMicros },
  ];
  return accepted({
    kind: 'settlement',
    id: transactionId.settlement(holdId),
    accountId,
    postings: postings.filter((posting) => posting.amountMicros > 0n),
    metadata,
    holdId,
    resolution: { kind, capturedMicros, refundedMicros },
  });
}

const accepted = (transaction: LedgerTransaction): Decision => ({
  status: 'accepted',
  transaction,
});

const refused = (code: string, details: Refusal['details']): Refusal => ({
  status: 'refused',
  code,
  details,
});

function must<T>(value: T | undefined, command: LedgerCommand): T {
  if (value === undefined) throw new Error(`${command.type} was decided but left no trace`);
  return value;
}
