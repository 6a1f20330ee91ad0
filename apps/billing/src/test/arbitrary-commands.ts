import fc from 'fast-check';
import { captureGraceMs, type LedgerCommand } from '../ledger/ledger.js';

/**
 * Commands over few accounts and ids, so that duplicates, mismatches and overdrafts are common.
 *
 * @param nowMs - grants end one step before it, one step after it, two steps after it, or never
 */
export function arbitraryCommand(nowMs: number, stepMs: number): fc.Arbitrary<LedgerCommand> {
  const holdId = numbered('job', 6);
  return fc.oneof(
    { weight: 4, arbitrary: grant(nowMs, stepMs) },
    { weight: 3, arbitrary: topUp },
    { weight: 10, arbitrary: place(holdId) },
    { weight: 8, arbitrary: capture(holdId) },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('VoidHold' as const), holdId, reason: fc.string() }),
    },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('ExpireHold' as const), holdId }) },
    { weight: 8, arbitrary: refund(numbered('job', 2)) },
    { weight: 3, arbitrary: reversal },
    { weight: 2, arbitrary: adjustment },
    { weight: 3, arbitrary: budget },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constant('ExpireGrant' as const), grantId }),
    },
  );
}

/** Credits of both kinds that pay for a job: something to be refunded, which chance alone rarely makes. */
export function arbitraryCharge(nowMs: number, stepMs: number): fc.Arbitrary<LedgerCommand[]> {
  const holdId = numbered('job', 2);
  return fc
    .tuple(grant(nowMs, stepMs), topUp, place(holdId), capture(holdId))
    .map(([given, bought, held, captured]) => {
      const job = { ...held, holdId: 'job1', accountId: 'ann', item: 'picture' } as const;
      return [
        { ...given, accountId: 'ann' },
        { ...bought, accountId: 'ann', amountMicros: 20n },
        job,
        { ...captured, holdId: 'job1' },
      ] as LedgerCommand[];
    });
}

/** The same command with ids of its own, so that runs may share tables. */
export function scoped<Command extends LedgerCommand>(command: Command, scope: string): Command {
  const ids = Object.entries(command).filter(([name, id]) => name.endsWith('Id') && id !== null);
  const own = Object.fromEntries(ids.map(([name, id]) => [name, scopedId(String(id), scope)]));
  return { ...command, ...own };
}

/** The scope comes before what a caller chose, and so after the prefix of a transaction's id. */
function scopedId(id: string, scope: string): string {
  const place = id.lastIndexOf(':') + 1;
  return `${id.slice(0, place)}${scope}-${id.slice(place)}`;
}

const numbered = (prefix: string, max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max }).map((n) => `${prefix}${n}`);

const accountId = fc.constantFrom('ann', 'bob');
const grantId = numbered('grant', 6);

/** The end goes with the id, so that the same grant is asked for twice. */
const grant = (nowMs: number, stepMs: number): fc.Arbitrary<LedgerCommand> => {
  const [past, soon, late] = [nowMs - stepMs, nowMs + stepMs, nowMs + 2 * stepMs];
  const ends = [null, late, soon, past, late, null];
  return fc
    .record({
      type: fc.constant('GrantCredits' as const),
      grantId,
      accountId,
      amountMicros: fc.constantFrom(-1n, 0n, 1n, 7n, 20n, 7n, 9_000_000_000_000n),
      reason: fc.constant('test'),
    })
    .map((one) => ({ ...one, expiresAtMs: ends[Number(one.grantId.slice(-1)) - 1] ?? null }));
};

const topUp: fc.Arbitrary<LedgerCommand> = fc.record({
  type: fc.constant('TopUpCredits' as const),
  provider: fc.constant('bank'),
  paymentId: numbered('pay', 3),
  accountId,
  amountMicros: fc.constantFrom(0n, 3n, 11n, 20n),
  paid: fc.constant({ currency: 'USD', minorUnits: 100 }),
});

/** Alive for the whole test, over at once, or over for longer than a late capture may be. */
const lifetimesMs = [3_600_000, 3_600_000, 0, -captureGraceMs - 1] as const;

/**
 * The lifetime goes with the id. Answers do not tell it: of two racing holds that differ in nothing
 * else, nobody could say afterwards which came first.
 */
const lifetimeOf = (holdId: string): number =>
  lifetimesMs[Number(holdId.slice(-1)) % lifetimesMs.length] ?? 0;

/** The key goes with the id likewise. */
const keyOf = (holdId: string): string | null =>
  [null, 'key1', 'key2'][Number(holdId.slice(-1)) % 3] ?? null;

const place = (holdId: fc.Arbitrary<string>): fc.Arbitrary<LedgerCommand> =>
  fc
    .record({
      type: fc.constant('PlaceHold' as const),
      holdId,
      accountId,
      item: fc.constantFrom('picture', 'picture', 'picture', 'film'),
      priceMicros: fc.bigInt({ min: 1n, max: 24n }),
      priceVersion: fc.constant('test'),
    })
    .map((hold) => ({
      ...hold,
      lifetimeMs: lifetimeOf(hold.holdId),
      keyId: keyOf(hold.holdId),
    }));

const capture = (holdId: fc.Arbitrary<string>): fc.Arbitrary<LedgerCommand> =>
  fc.record({
    type: fc.constant('CaptureHold' as const),
    holdId,
    numerator: fc.integer({ min: 0, max: 4 }),
    denominator: fc.integer({ min: 1, max: 4 }),
  });

const refund = (holdId: fc.Arbitrary<string>): fc.Arbitrary<LedgerCommand> =>
  fc.record({
    type: fc.constant('RefundCharge' as const),
    refundId: numbered('ref', 8),
    holdId,
    amountMicros: fc.constantFrom(0n, 1n, 2n, 5n, 5n, 9n),
    reason: fc.constant('test'),
  });

const reversal: fc.Arbitrary<LedgerCommand> = fc.record({
  type: fc.constant('ReverseTransaction' as const),
  reversalId: numbered('rev', 5),
  transactionId: fc.oneof(
    grantId.map((id) => `grant:${id}`),
    numbered('pay', 3).map((id) => `topup:bank:${id}`),
    fc.constant('hold:job1'),
  ),
  amountMicros: fc.constantFrom(0n, 1n, 3n, 7n, 11n),
  reason: fc.constantFrom('chargeback', 'mistake'),
});

const budget: fc.Arbitrary<LedgerCommand> = fc.record({
  type: fc.constant('SetBudget' as const),
  changeId: numbered('change', 8),
  accountId,
  keyId: fc.constantFrom(null, 'key1', 'key2'),
  dailyMicros: fc.constantFrom(null, null, 0n, 20n, 30n, 30n, 40n, -1n),
  monthlyMicros: fc.constantFrom(null, null, 25n, 40n),
});

const adjustment: fc.Arbitrary<LedgerCommand> = fc.record({
  type: fc.constant('AdjustBalance' as const),
  adjustmentId: numbered('adj', 4),
  accountId,
  amountMicros: fc.constantFrom(-9n, -2n, 0n, 4n),
  credits: fc.constantFrom('paid', 'promotional'),
  reason: fc.constantFrom('correction', 'goodwill', 'shortfall_collected'),
  note: fc.constant('test'),
});
