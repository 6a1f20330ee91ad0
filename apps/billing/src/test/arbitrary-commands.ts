import fc from 'fast-check';
import { captureGraceMs, type LedgerCommand } from '../ledger/ledger.js';

/** Commands over few accounts and ids, so that duplicates, mismatches and overdrafts are common. */
export function arbitraryCommand(): fc.Arbitrary<LedgerCommand> {
  const holdId = fc.integer({ min: 1, max: 6 }).map((n) => `job${n}`);
  return fc.oneof(
    { weight: 2, arbitrary: grant },
    { weight: 4, arbitrary: place(holdId) },
    { weight: 3, arbitrary: capture(holdId) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant('VoidHold' as const), holdId, reason: fc.string() }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('ExpireHold' as const), holdId }) },
  );
}

/** The same command with ids of its own, so that runs may share tables. */
export function scoped<Command extends LedgerCommand>(command: Command, scope: string): Command {
  const ids = Object.entries(command).filter(([name]) => name.endsWith('Id'));
  return { ...command, ...Object.fromEntries(ids.map(([name, id]) => [name, `${scope}-${id}`])) };
}

const accountId = fc.constantFrom('ann', 'bob');

const grant: fc.Arbitrary<LedgerCommand> = fc.record({
  type: fc.constant('GrantCredits' as const),
  grantId: fc.integer({ min: 1, max: 4 }).map((n) => `grant${n}`),
  accountId,
  amountMicros: fc.constantFrom(-1n, 0n, 1n, 7n, 20n, 9_000_000_000_000n),
  reason: fc.constant('test'),
});

/** Alive for the whole test, over at once, or over for longer than a late capture may be. */
const lifetimesMs = [3_600_000, 3_600_000, 0, -captureGraceMs - 1] as const;

/**
 * The lifetime goes with the id. Answers do not tell it: of two racing holds that differ in nothing
 * else, nobody could say afterwards which came first.
 */
const lifetimeOf = (holdId: string): number =>
  lifetimesMs[Number(holdId.slice(-1)) % lifetimesMs.length] ?? 0;

const place = (holdId: fc.Arbitrary<string>): fc.Arbitrary<LedgerCommand> =>
  fc
    .record({
      type: fc.constant('PlaceHold' as const),
      holdId,
      accountId,
      item: fc.constantFrom('picture', 'picture', 'picture', 'film'),
      priceMicros: fc.bigInt({ min: 1n, max: 12n }),
      priceVersion: fc.constant('test'),
    })
    .map((hold) => ({ ...hold, lifetimeMs: lifetimeOf(hold.holdId) }));

const capture = (holdId: fc.Arbitrary<string>): fc.Arbitrary<LedgerCommand> =>
  fc.record({
    type: fc.constant('CaptureHold' as const),
    holdId,
    numerator: fc.integer({ min: 0, max: 4 }),
    denominator: fc.integer({ min: 1, max: 4 }),
  });
