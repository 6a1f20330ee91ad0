import { describe, expect, it } from '@jest/globals';
import { capture, grant, hold, voiding } from '../test/commands.js';
import { decideAll, type Outcome } from './batch.js';
import { emptyDraft, post, type Draft } from './book.js';
import { customerLedgerAccounts, platformLedgerAccounts, type LedgerAccount } from './chart.js';
import { captureGraceMs, type LedgerCommand, type PlaceHold } from './ledger.js';
import { changeIn, type LedgerTransaction } from './transaction.js';

const nowMs = 1_800_000_000_000;
const granted = grant('ann', 10n);
const placed = hold('job1', 'ann', { priceMicros: 7n, lifetimeMs: 1_000 });
const captured = (numerator: number, denominator: number) =>
  capture('job1', numerator, denominator);
const voided = voiding('job1');
const expired: LedgerCommand = { type: 'ExpireHold', holdId: 'job1' };

/** given(commands).when(command, later by ms): the outcome and what was moved. */
function given(...commands: LedgerCommand[]) {
  const draft = emptyDraft(nowMs);
  for (const { transaction } of decideAll(commands, draft).placed) post(draft, transaction);
  return {
    when: (command: LedgerCommand, laterMs = 0) => {
      const later: Draft = { ...draft, nowMs: nowMs + laterMs };
      const { outcomes, placed: added } = decideAll([command], later);
      const lines = added.flatMap(({ transaction }) => movedBy(transaction));
      return { outcome: outcomes[0]!, lines };
    },
  };
}

const chart = Object.keys({
  ...customerLedgerAccounts,
  ...platformLedgerAccounts,
}) as LedgerAccount[];

/** `<ledger account> <amount>`, for each ledger account that it changes, in the chart's order. */
const movedBy = (transaction: LedgerTransaction): string[] =>
  chart
    .map((name) => [name, changeIn(transaction, name)] as const)
    .filter(([, micros]) => micros !== 0n)
    .map(([name, micros]) => `${name} ${micros.toString()}`);

const code = (outcome: Outcome) => (outcome.status === 'refused' ? outcome.code : outcome.status);

describe('a grant', () => {
  it('opens the account with credits that come from promotions', () => {
    const { outcome, lines } = given().when(granted);
    expect(lines).toEqual(['available 10', 'promotions -10']);
    expect(outcome).toEqual({
      status: 'accepted',
      answer: { availableMicros: 10n, heldMicros: 0n },
    });
  });

  it('is given once, however often it is asked for', () => {
    const { outcome, lines } = given(granted).when(granted);
    expect(outcome).toMatchObject({ status: 'repeated', answer: { availableMicros: 10n } });
    expect(lines).toEqual([]);
  });

  it.each([
    ['amount.not_positive', { grantId: 'other', amountMicros: 0n }],
    ['amount.not_positive', { grantId: 'other', amountMicros: -5n }],
    ['grant.mismatch', { amountMicros: 11n }],
    ['grant.mismatch', { accountId: 'bob' }],
  ])('is refused: %s', (expected, change) => {
    expect(code(given(granted).when({ ...granted, ...change }).outcome)).toBe(expected);
  });
});

describe('a hold', () => {
  it('sets the price aside until its time is over', () => {
    const { outcome, lines } = given(granted).when(placed, 5);
    expect(lines).toEqual(['available -7', 'held 7']);
    expect(outcome).toMatchObject({
      status: 'accepted',
      answer: {
        hold: { priceMicros: 7n, priceVersion: 'v1', expiresAtMs: nowMs + 1_005 },
        balance: { availableMicros: 3n, heldMicros: 7n },
      },
    });
  });

  it('asked for again answers with the same hold, at the price of then', () => {
    const { outcome, lines } = given(granted, placed).when({ ...placed, priceMicros: 9n }, 500);
    expect(lines).toEqual([]);
    expect(outcome).toMatchObject({
      status: 'repeated',
      answer: { hold: { priceMicros: 7n, expiresAtMs: nowMs + 1_000 } },
    });
  });

  it('may take the last credit, and not one more', () => {
    expect(code(given(granted).when({ ...placed, priceMicros: 10n }).outcome)).toBe('accepted');
    expect(given(granted).when({ ...placed, priceMicros: 11n }).outcome).toEqual({
      status: 'refused',
      code: 'credits.insufficient',
      details: { priceMicros: 11n, availableMicros: 10n },
    });
  });

  it.each<[string, LedgerCommand[], Partial<PlaceHold>]>([
    ['account.unknown', [], {}],
    ['amount.not_positive', [granted], { priceMicros: 0n }],
    ['hold.mismatch', [granted, placed], { accountId: 'bob' }],
    ['hold.mismatch', [granted, placed], { item: 'film' }],
    ['hold.mismatch', [granted, placed, voided], { item: 'film' }],
    ['hold.resolved', [granted, placed, voided], {}],
    ['hold.resolved', [granted, placed, captured(1, 1)], {}],
  ])('is refused: %s', (expected, before, change) => {
    const { outcome, lines } = given(...before).when({ ...placed, ...change });
    expect(code(outcome)).toBe(expected);
    expect(lines).toEqual([]);
  });
});

describe('a capture', () => {
  it.each<[number, number, bigint, string[]]>([
    [1, 1, 7n, ['held -7', 'revenue 7']],
    [3, 4, 5n, ['available 2', 'held -7', 'revenue 5']],
    [1, 8, 0n, ['available 7', 'held -7']],
    [0, 4, 0n, ['available 7', 'held -7']],
  ])('of %d/%d of 7 takes %s, rounded down', (numerator, denominator, capturedMicros, moved) => {
    const { outcome, lines } = given(granted, placed).when(captured(numerator, denominator));
    expect(lines).toEqual(moved);
    expect(outcome).toEqual({
      status: 'accepted',
      answer: { kind: 'captured', capturedMicros, refundedMicros: 7n - capturedMicros },
    });
  });

  it.each<[string, LedgerCommand[]]>([
    ['captured', [captured(1, 1)]],
    ['voided', [voided]],
  ])('of a hold already %s answers how it was first resolved', (kind, before) => {
    const { outcome, lines } = given(granted, placed, ...before).when(captured(1, 2));
    expect(outcome).toMatchObject({ status: 'repeated', answer: { kind } });
    expect(lines).toEqual([]);
  });

  it.each<[string, LedgerCommand[], LedgerCommand]>([
    ['hold.unknown', [granted], captured(1, 1)],
    ['capture.exceeds_hold', [granted, placed], captured(5, 4)],
  ])('is refused: %s', (expected, before, command) => {
    expect(code(given(...before).when(command).outcome)).toBe(expected);
  });

  it.each([
    [1_000, 'captured'],
    [1_000 + captureGraceMs, 'captured'],
    [1_001 + captureGraceMs, 'expired'],
  ])('%d ms after the hold, and before any sweep, resolves it as %s', (laterMs, kind) => {
    const { outcome } = given(granted, placed).when(captured(1, 1), laterMs);
    expect(outcome).toMatchObject({ status: 'accepted', answer: { kind } });
  });
});

describe('a void and an expiry', () => {
  it('give everything back', () => {
    const whole = { capturedMicros: 0n, refundedMicros: 7n };
    const byVoid = given(granted, placed).when(voided);
    const byTime = given(granted, placed).when(expired, 1_000);
    expect(byVoid.lines).toEqual(['available 7', 'held -7']);
    expect(byTime.lines).toEqual(byVoid.lines);
    expect(byVoid.outcome).toMatchObject({ answer: { kind: 'voided', ...whole } });
    expect(byTime.outcome).toMatchObject({ answer: { kind: 'expired', ...whole } });
  });

  it('cannot both happen, nor follow a capture', () => {
    const first = given(granted, placed, captured(1, 1));
    expect(first.when(voided).outcome).toMatchObject({ answer: { kind: 'captured' } });
    expect(first.when(expired, 5_000).outcome).toMatchObject({ answer: { kind: 'captured' } });
  });

  it('an expiry before its time is refused', () => {
    expect(code(given(granted, placed).when(expired, 999).outcome)).toBe('hold.not_expired');
  });
});
