import { describe, expect, it } from '@jest/globals';
import {
  adjustment,
  capture,
  gift,
  grant,
  hold,
  refund,
  reversal,
  topUp,
} from '../test/commands.js';
import { decideAll, type Outcome } from './batch.js';
import { emptyDraft, headOf, post, type Draft } from './book.js';
import { customerLedgerAccounts, platformLedgerAccounts, type LedgerAccount } from './chart.js';
import type { LedgerCommand } from './ledger.js';
import { changeIn, type LedgerTransaction } from './transaction.js';

const nowMs = 1_800_000_000_000;
const soon = gift('soon', 'ann', 5n, nowMs + 1_000);
const late = gift('late', 'ann', 5n, nowMs + 9_000);
const given = grant('ann', 10n);
const bought = topUp('pay1', 'ann', 20n);
const everything = [bought, given, late, soon];
const job = (priceMicros: bigint, lifetimeMs = 60_000) =>
  hold('job', 'ann', { priceMicros, lifetimeMs });

/** after(commands).when(command, later by ms): the outcome, what was moved and what is left. */
function after(...commands: LedgerCommand[]) {
  const draft = emptyDraft(nowMs);
  for (const { transaction } of decideAll(commands, draft).placed) post(draft, transaction);
  return {
    when: (command: LedgerCommand, laterMs = 0) => {
      const later: Draft = { ...draft, nowMs: nowMs + laterMs };
      const { outcomes, placed } = decideAll([command], later);
      for (const { transaction } of placed) post(later, transaction);
      const lines = placed.flatMap(({ transaction }) => movedBy(transaction));
      return { outcome: outcomes[0]!, lines, lots: lotsOf(later) };
    },
  };
}

const chart = Object.keys({
  ...customerLedgerAccounts,
  ...platformLedgerAccounts,
}) as LedgerAccount[];
const movedBy = (transaction: LedgerTransaction): string[] =>
  chart
    .filter((name) => changeIn(transaction, name) !== 0n)
    .map((name) => `${name} ${changeIn(transaction, name)}`);

function lotsOf(draft: Draft): string {
  const { paidMicros, promotionalMicros, expiring } = headOf(draft, 'ann').lots;
  const lots = expiring.map(({ grantId, micros }) => `${grantId} ${micros}`);
  return [...lots, `given ${promotionalMicros}`, `paid ${paidMicros}`].join(', ');
}

const code = (outcome: Outcome) => (outcome.status === 'refused' ? outcome.code : outcome.status);

describe('a top-up', () => {
  it('brings bought credits, once per payment', () => {
    const { lines, lots } = after().when(bought);
    expect(lines).toEqual(['available 20', 'payments -20']);
    expect(lots).toBe('given 0, paid 20');
    expect(after(bought).when(bought)).toMatchObject({
      outcome: { status: 'repeated' },
      lines: [],
    });
    const other = { ...bought, amountMicros: 21n };
    expect(code(after(bought).when(other).outcome)).toBe('topup.mismatch');
    const none = { ...bought, amountMicros: 0n };
    expect(code(after().when(none).outcome)).toBe('amount.not_positive');
  });
});

describe('a hold', () => {
  it.each([
    [3n, 'soon 2, late 5, given 10, paid 20'],
    [7n, 'late 3, given 10, paid 20'],
    [12n, 'given 8, paid 20'],
    [25n, 'given 0, paid 15'],
  ])('of %d takes what expires first, then given credits, then bought ones', (price, lots) => {
    expect(after(...everything).when(job(price)).lots).toBe(lots);
  });

  it('takes nothing of a grant whose time is over, though it is still there', () => {
    const { outcome, lots } = after(...everything).when(job(5n), 1_000);
    expect(code(outcome)).toBe('accepted');
    expect(lots).toBe('soon 5, given 10, paid 20');
    expect(after(soon).when(job(1n), 1_000).outcome).toMatchObject({
      code: 'credits.insufficient',
      details: { availableMicros: 0n },
    });
  });

  it('captured in part gives back what would have been spent last', () => {
    const { lines, lots } = after(...everything, job(22n)).when(capture('job', 1, 2));
    expect(lines).toEqual(['available 11', 'held -22', 'revenue 11']);
    expect(lots).toBe('given 9, paid 20');
  });

  it('gives nothing back to a grant whose time is over: that expires as it comes back', () => {
    const { outcome, lines, lots } = after(...everything, job(22n)).when(capture('job', 0), 1_000);
    expect(outcome).toMatchObject({ answer: { capturedMicros: 0n, refundedMicros: 22n } });
    expect(lines).toEqual(['available 17', 'held -22', 'promotions 5']);
    expect(lots).toBe('late 5, given 10, paid 20');
  });
});

describe('an expiry of a grant', () => {
  const over: LedgerCommand = { type: 'ExpireGrant', grantId: 'soon' };

  it('takes what is left of it, and nothing that is set aside', () => {
    const { outcome, lines, lots } = after(...everything, job(2n)).when(over, 1_000);
    expect(outcome).toMatchObject({ status: 'accepted', answer: { expiredMicros: 3n } });
    expect(lines).toEqual(['available -3', 'promotions 3']);
    expect(lots).toBe('late 5, given 10, paid 20');
  });

  it('moves nothing when nothing is left', () => {
    const { outcome, lines } = after(...everything, job(5n)).when(over, 1_000);
    expect([outcome, lines]).toMatchObject([{ answer: { expiredMicros: 0n } }, []]);
  });

  it.each<[string, LedgerCommand, number]>([
    ['grant.not_expired', over, 999],
    ['grant.not_expired', { ...over, grantId: 'first-ann' }, 99_000],
    ['grant.unknown', { ...over, grantId: 'none' }, 0],
  ])('is refused: %s', (expected, command, laterMs) => {
    expect(code(after(...everything).when(command, laterMs).outcome)).toBe(expected);
  });

  it('stays expired for a process whose clock is behind', () => {
    const draft = emptyDraft(nowMs);
    decideAll([...everything, job(2n)], draft).placed.forEach((one) =>
      post(draft, one.transaction),
    );
    const ahead: Draft = { ...draft, nowMs: nowMs + 1_000 };
    decideAll([over], ahead).placed.forEach((one) => post(ahead, one.transaction));
    const behind: Draft = { ...ahead, nowMs };
    const { placed } = decideAll([capture('job', 0)], behind);
    expect(placed.flatMap((one) => movedBy(one.transaction))).toEqual(['held -2', 'promotions 2']);
    expect(placed[0]!.recordedAtMs).toBe(nowMs + 1_000);
  });
});

describe('a refund', () => {
  const charged = [bought, given, job(20n), capture('job', 3, 4)];

  it('comes in the mix that was captured, part after part, up to all of it', () => {
    // Captured: 10 given and 5 bought.
    const { lines, outcome } = after(...charged).when(refund('one', 'job', 4n));
    expect(lines).toEqual(['available 4', 'refunds -4']);
    expect(outcome).toMatchObject({ answer: { paidMicros: 2n, promotionalMicros: 2n } });
    const rest = after(...charged, refund('one', 'job', 4n)).when(refund('two', 'job', 11n));
    expect(rest.outcome).toMatchObject({ answer: { paidMicros: 3n, promotionalMicros: 8n } });
    expect(rest.lots).toBe('given 10, paid 20');
    const all = [refund('one', 'job', 4n), refund('two', 'job', 11n)];
    expect(after(...charged, ...all).when(refund('three', 'job', 1n)).outcome).toMatchObject({
      code: 'refund.exceeds_capture',
      details: { capturedMicros: 15n, refundedMicros: 15n },
    });
  });

  it('is made once, and of the promotional credits only those whose time is not over', () => {
    const mixed = [soon, late, job(10n), capture('job')];
    const { outcome, lines, lots } = after(...mixed).when(refund('one', 'job', 10n), 1_000);
    expect(outcome).toMatchObject({ answer: { promotionalMicros: 5n, lapsedMicros: 5n } });
    expect(lines).toEqual(['available 5', 'promotions 5', 'refunds -10']);
    expect(lots).toBe('late 5, given 0, paid 0');
    const again = after(...mixed, refund('one', 'job', 10n)).when(refund('one', 'job', 10n));
    expect([again.outcome.status, again.lines]).toEqual(['repeated', []]);
  });

  it.each<[string, LedgerCommand[], LedgerCommand]>([
    ['amount.not_positive', charged, refund('one', 'job', 0n)],
    ['hold.unknown', charged, refund('one', 'none', 1n)],
    ['hold.not_captured', [given, job(5n)], refund('one', 'job', 1n)],
    ['hold.not_captured', [given, job(5n), capture('job', 0)], refund('one', 'job', 1n)],
    ['refund.mismatch', [...charged, refund('one', 'job', 1n)], refund('one', 'job', 2n)],
  ])('is refused: %s', (expected, before, command) => {
    expect(code(after(...before).when(command).outcome)).toBe(expected);
  });
});

describe('a reversal', () => {
  const chargeback = reversal('dispute', 'topup:bank:pay1', 20n);

  it('takes bought credits for a top-up, and tells what was spent already as a loss', () => {
    const { outcome, lines, lots } = after(bought, given, job(18n), capture('job')).when(
      chargeback,
    );
    expect(outcome).toMatchObject({ answer: { amountMicros: 20n, shortfallMicros: 8n } });
    expect(lines).toEqual(['available -12', 'payments 20', 'losses -8']);
    expect(lots).toBe('given 0, paid 0');
  });

  it('takes the lot of its grant and no other', () => {
    const whole = reversal('mistake', 'grant:soon', 5n);
    expect(after(...everything, job(2n)).when(whole).lines).toEqual([
      ...['available -3', 'promotions 5', 'losses -2'],
    ]);
    const common = reversal('mistake', 'grant:first-ann', 10n);
    expect(after(...everything).when(common).lots).toBe('soon 5, late 5, given 0, paid 20');
  });

  it('may come in parts, together no more than there was', () => {
    const part = reversal('one', 'topup:bank:pay1', 15n);
    const rest = reversal('two', 'topup:bank:pay1', 5n);
    expect(after(bought, part).when(rest).lots).toBe('given 0, paid 0');
    expect(code(after(bought, part).when(chargeback).outcome)).toBe('reversal.exceeds_transaction');
    expect(after(bought, part).when(part).outcome).toMatchObject({ status: 'repeated' });
  });

  it.each<[string, LedgerCommand, number]>([
    ['transaction.unknown', reversal('one', 'topup:bank:none', 1n), 0],
    ['transaction.not_reversible', reversal('one', 'hold:job', 1n), 0],
    ['amount.not_positive', reversal('one', 'grant:soon', 0n), 0],
    ['grant.expired', reversal('one', 'grant:soon', 1n), 1_000],
  ])('is refused: %s', (expected, command, laterMs) => {
    expect(code(after(...everything).when(command, laterMs).outcome)).toBe(expected);
  });
});

describe('an adjustment', () => {
  it('gives or takes credits of the kind that it names', () => {
    const paid = { credits: 'paid' } as const;
    expect(after(given).when(adjustment('one', 'ann', 4n, paid)).lots).toBe('given 10, paid 4');
    const taken = after(...everything).when(adjustment('one', 'ann', -7n));
    expect(taken.lines).toEqual(['available -7', 'adjustments 7']);
    expect(taken.lots).toBe('late 3, given 10, paid 20');
  });

  it('collects a shortfall against losses', () => {
    const how = { credits: 'paid', reason: 'shortfall_collected' } as const;
    const collected = adjustment('one', 'ann', -8n, how);
    expect(after(bought).when(collected).lines).toEqual(['available -8', 'losses 8']);
    const given8 = { ...collected, amountMicros: 8n };
    expect(code(after(bought).when(given8).outcome)).toBe('adjustment.wrong_direction');
  });

  it.each<[string, LedgerCommand]>([
    ['amount.zero', adjustment('one', 'ann', 0n)],
    ['account.unknown', adjustment('one', 'bob', 1n)],
    ['credits.insufficient', adjustment('one', 'ann', -21n)],
    ['credits.insufficient', adjustment('one', 'ann', -21n, { credits: 'paid' })],
  ])('is refused: %s', (expected, command) => {
    expect(code(after(...everything).when(command).outcome)).toBe(expected);
  });
});
