import { describe, expect, it } from '@jest/globals';
import { packageNames, topUpPackage } from '@safelight/contracts';
import fc from 'fast-check';
import type { PaymentFact } from './fact.js';
import { fold, type Standing } from './fold.js';
import { keptBeyond, nextStep, partsOf, type Step } from './next-step.js';

const order = { creditsMicros: 3_000_000_000n, amountCents: 10_800 };
const NOW = 1_000;
const paid: PaymentFact = { kind: 'paid', amountCents: 10_800, currency: 'usd', method: null };
const opened: PaymentFact = {
  kind: 'opened',
  checkoutUrl: 'https://pay.test/1',
  expiresAtMs: 2_000,
};
const expired: PaymentFact = { kind: 'expired' };
const failed: PaymentFact = { kind: 'failed', reason: 'no money' };
const refunded = (ref: string, amountCents: number): PaymentFact => ({
  ...{ kind: 'refunded', ref, amountCents },
});
const disputed = (ref: string, amountCents: number): PaymentFact => ({
  ...{ kind: 'dispute_opened', ref, amountCents },
});
const stands = (...facts: PaymentFact[]) => fold(order, facts, NOW);

describe('the packages', () => {
  it('cost whole cents, 4 a credit, and a tenth less from 3,000 on', () => {
    const prices = packageNames.map((name) => topUpPackage(name));
    expect(prices.map(({ creditsMicros, amountCents }) => [creditsMicros, amountCents])).toEqual([
      [250_000_000n, 1_000],
      [1_000_000_000n, 4_000],
      [3_000_000_000n, 10_800],
      [10_000_000_000n, 36_000],
    ]);
  });
});

describe('what is heard of a payment', () => {
  it.each<[string, PaymentFact[], Partial<Standing>]>([
    ['nothing', [], { status: 'pending', standingMicros: 0n, checkoutUrl: null }],
    ['a page', [opened], { status: 'pending', checkoutUrl: 'https://pay.test/1' }],
    [
      'a payment',
      [opened, paid],
      { status: 'paid', standingMicros: 3_000_000_000n, keptCents: 10_800, checkoutUrl: null },
    ],
    ['a page that nobody used', [opened, expired], { status: 'failed', standingMicros: 0n }],
    ['a failure', [failed], { status: 'failed', reason: 'no money' }],
    ['a late expiry', [paid, expired, failed], { status: 'paid', reason: null }],
    [
      'a refund of a half',
      [paid, refunded('re_1', 5_400)],
      { status: 'paid', refundedCents: 5_400, standingMicros: 1_500_000_000n },
    ],
    [
      'a refund, told twice',
      [paid, refunded('re_1', 5_400), refunded('re_1', 5_400)],
      { refundedCents: 5_400 },
    ],
    [
      'refunds of all',
      [paid, refunded('re_1', 5_400), refunded('re_2', 5_400)],
      { status: 'refunded', standingMicros: 0n, keptCents: 0 },
    ],
    [
      'a refund that did not arrive',
      [paid, refunded('re_1', 10_800), { kind: 'refund_failed', ref: 're_1' }],
      { status: 'paid', standingMicros: 3_000_000_000n },
    ],
    [
      'two refunds of which one did not arrive',
      [
        paid,
        refunded('re_1', 1_000),
        refunded('re_2', 800),
        { kind: 'refund_failed', ref: 're_1' },
      ],
      { refundedCents: 800 },
    ],
    [
      'two disputes of which one was won',
      [paid, disputed('dp_1', 1_000), disputed('dp_2', 800), { kind: 'dispute_won', ref: 'dp_1' }],
      { status: 'disputed', disputedCents: 800 },
    ],
    [
      'a refund of nothing known',
      [refunded('re_1', 10_800)],
      { status: 'pending', refundedCents: 0, standingMicros: 0n },
    ],
    [
      'a dispute',
      [paid, disputed('dp_1', 10_800)],
      { status: 'disputed', disputedCents: 10_800, standingMicros: 0n, keptCents: 0 },
    ],
    [
      'a dispute that was won',
      [paid, disputed('dp_1', 10_800), { kind: 'dispute_won', ref: 'dp_1' }],
      { status: 'paid', standingMicros: 3_000_000_000n },
    ],
    [
      'a dispute that was lost',
      [paid, { kind: 'dispute_lost', ref: 'dp_1', amountCents: 10_800 }],
      { status: 'disputed', standingMicros: 0n },
    ],
    [
      'more back than was paid',
      [paid, refunded('re_1', 10_800), disputed('dp_1', 10_800)],
      { status: 'refunded', refundedCents: 10_800, disputedCents: 0, standingMicros: 0n },
    ],
    [
      'a cent too little',
      [{ ...paid, amountCents: 10_799 }],
      { status: 'failed', standingMicros: 0n },
    ],
    ['another currency', [{ ...paid, currency: 'jpy' }], { status: 'failed', standingMicros: 0n }],
  ])('%s', (_, facts, standing) => {
    expect(stands(...facts)).toMatchObject(standing);
  });

  it('shows no page whose time is over', () => {
    expect(fold(order, [opened], 2_001).checkoutUrl).toBeNull();
  });
});

const fact = fc.oneof(
  fc.constantFrom(opened, paid, expired, failed),
  fc.constantFrom<PaymentFact>(
    ...['re_1', 're_2'].flatMap((ref): PaymentFact[] => [
      refunded(ref, 3_333),
      { kind: 'refund_failed', ref },
    ]),
  ),
  fc.constantFrom<PaymentFact>(
    disputed('dp_1', 10_800),
    { kind: 'dispute_won', ref: 'dp_1' },
    { kind: 'dispute_lost', ref: 'dp_1', amountCents: 10_800 },
  ),
);
const shuffled = fc
  .array(fact, { maxLength: 12 })
  .chain((facts) =>
    fc.tuple(
      fc.constant(facts),
      fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }),
    ),
  );

/** A customer's credits of one purchase, spent and told of in turns. */
function run(facts: readonly PaymentFact[], spends: readonly bigint[]) {
  const steps: Step[] = [];
  let [balance, spent] = [0n, 0n];
  facts.forEach((_, at) => {
    const standing = stands(...facts.slice(0, at + 1));
    for (let next = nextStep(standing, steps); next !== null; next = nextStep(standing, steps)) {
      let moved = next.wantedMicros;
      const parts = partsOf({ ...next, movedMicros: null }, [
        ...steps,
        { ...next, movedMicros: null },
      ]);
      const reversible = parts.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
      if (moved < 0n) moved = reversible > balance ? -balance : -reversible;
      else {
        const due = moved - keptBeyond(steps);
        moved = due > 0n ? due : 0n;
      }
      balance += moved;
      steps.push({ ...next, movedMicros: moved });
    }
    const want = spends[at] ?? 0n;
    const spend = want > balance ? balance : want;
    [balance, spent] = [balance - spend, spent + spend];
  });
  return { balance, spent, steps };
}

describe('facts in any order and number', () => {
  it('stand alike', () => {
    fc.assert(
      fc.property(shuffled, ([facts, other]) => {
        expect(stands(...other)).toEqual(stands(...facts));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leave the same credits, never more than were paid for, and nothing below zero', () => {
    fc.assert(
      fc.property(shuffled, ([facts, other]) => {
        const standing = stands(...facts);
        for (const all of [facts, other]) {
          const { balance, steps } = run(all, []);
          expect(balance).toBe(standing.standingMicros);
          expect(keptBeyond(steps)).toBe(0n);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('give nobody credits twice who spent them before they were taken back', () => {
    const spends = fc.array(fc.bigInt(0n, order.creditsMicros), { maxLength: 24 });
    fc.assert(
      fc.property(shuffled, spends, ([, facts], wanted) => {
        const { balance, spent, steps } = run(facts, wanted);
        expect(balance).toBeGreaterThanOrEqual(0n);
        expect(spent + balance).toBeLessThanOrEqual(order.creditsMicros);
        const beyond = spent + balance - stands(...facts).standingMicros;
        expect(beyond).toBe(keptBeyond(steps));
        expect(beyond).toBeGreaterThanOrEqual(0n);
      }),
      { numRuns: 2_000 },
    );
  });
});
