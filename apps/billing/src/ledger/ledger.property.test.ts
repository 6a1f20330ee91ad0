import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryCharge, arbitraryCommand } from '../test/arbitrary-commands.js';
import { LedgerModel } from '../test/ledger-model.js';
import { told, toldRefusal } from '../test/told.js';
import { decideAll, type Outcome } from './batch.js';
import { emptyDraft, post, unopened, type Book, type Draft, type Head } from './book.js';
import { noBudgets } from './budgets.js';
import { customerLedgerAccounts, platformLedgerAccounts, type LedgerAccount } from './chart.js';
import { decide, type Decision, type LedgerCommand } from './ledger.js';
import { added, noLots, totalOf, type Lots } from './lots.js';
import { changeIn, type Placed } from './transaction.js';

type Rules = (command: LedgerCommand, book: Book) => Decision;
/** Shortly before a new day, which is the last of a month. */
const startMs = Date.UTC(2027, 0, 30, 23, 59, 45);
/** Grants of the stories end one or two steps after the start; a story takes up to ten moves. */
const stepMs = 10_000;
const movesMs = [0, 0, 3_000, 7_000, 0, 3_000, 7_000, 86_400_000] as const;

/** A whole ledger in memory, fed in batches as the writer would feed it. */
class LedgerInMemory {
  readonly draft: Draft = emptyDraft(startMs);
  readonly placed: Placed[] = [];
  constructor(private readonly rules: Rules) {}

  run(commands: readonly LedgerCommand[], nowMs = startMs): Outcome[] {
    const draft = { ...this.draft, nowMs };
    const batch = decideAll(commands, draft, this.rules);
    for (const { transaction } of batch.placed) post(draft, transaction);
    this.placed.push(...batch.placed);
    return [...batch.outcomes];
  }
}

const textOf = (outcome: Outcome): string =>
  outcome.status === 'refused' ? toldRefusal(outcome.code) : told(outcome.answer);

const chart = Object.keys({
  ...customerLedgerAccounts,
  ...platformLedgerAccounts,
}) as LedgerAccount[];

function expectSound({ placed }: LedgerInMemory, model: LedgerModel): void {
  const total = new Map<LedgerAccount, bigint>();
  const own = new Map<string, Head>();
  for (const { transaction, ...head } of placed) {
    const { accountId } = transaction;
    const moved = (name: LedgerAccount) => changeIn(transaction, name);
    for (const name of chart) total.set(name, (total.get(name) ?? 0n) + moved(name));
    const before = own.get(accountId) ?? unopened;
    const next = {
      sequence: before.sequence + 1,
      availableMicros: before.availableMicros + moved('available'),
      heldMicros: before.heldMicros + moved('held'),
      lots: added(before.lots, transaction.lots),
      budgets: head.budgets,
      recordedAtMs: head.recordedAtMs,
    };
    own.set(accountId, next);
    // Not `expect`: these run millions of times.
    const isWhole = chart.reduce((sum, name) => sum + moved(name), 0n) === 0n;
    const isBack = head.recordedAtMs < before.recordedAtMs;
    if (!isWhole || isBack || !isSame(next, head) || !isSolvent(next)) {
      throw new Error(`${transaction.id} is broken`);
    }
  }
  expect([...chart].slice(2).map((name) => total.get(name) ?? 0n)).toEqual(totalsOf(model));
  for (const account of ['ann', 'bob']) {
    const { availableMicros, heldMicros, lots } = own.get(account) ?? unopened;
    expect(`available ${availableMicros} held ${heldMicros}`).toBe(model.balance(account));
    expect(textOfLots(lots)).toBe(model.piles(account));
  }
}

/** In the order of the chart's platform accounts. */
const totalsOf = (model: LedgerModel): bigint[] => [
  -model.given,
  -model.payments,
  model.revenue,
  -model.refunds,
  -model.byHand,
  -model.losses,
];

/** In the model's words: in the order in which they are spent. */
function textOfLots({ paidMicros, promotionalMicros, expiring }: Lots): string {
  const piles: [string, bigint][] = expiring.map(({ grantId, micros }) => [grantId, micros]);
  if (promotionalMicros > 0n) piles.push(['given', promotionalMicros]);
  if (paidMicros > 0n) piles.push(['paid', paidMicros]);
  return piles.map(([name, size]) => `${name} ${size}`).join(', ');
}

const isSame = (a: Head, b: Head): boolean =>
  a.sequence === b.sequence &&
  a.availableMicros === b.availableMicros &&
  a.heldMicros === b.heldMicros &&
  textOfLots(a.lots) === textOfLots(b.lots);

const isSolvent = ({ availableMicros, heldMicros, lots }: Head): boolean =>
  availableMicros >= 0n && heldMicros >= 0n && totalOf(lots) === availableMicros;

const charge = arbitraryCharge(startMs, stepMs).map((commands) => ({ commands, afterMs: 0 }));
const batch = fc.record({
  commands: fc.array(arbitraryCommand(startMs, stepMs), { minLength: 1, maxLength: 5 }),
  afterMs: fc.constantFrom(...movesMs),
});

const batches = fc.array(batch, { maxLength: 10 });
const story = fc.oneof(
  batches,
  fc.tuple(charge, batches).map(([first, rest]) => [first, ...rest]),
);

const behavesLikeTheModel = (rules: Rules) =>
  fc.property(story, (batches) => {
    const ledger = new LedgerInMemory(rules);
    const model = new LedgerModel();
    let nowMs = startMs;
    for (const { commands, afterMs } of batches) {
      nowMs += afterMs;
      const expected = commands.map((command) => model.ask(command, nowMs));
      expect(ledger.run(commands, nowMs).map(textOf)).toEqual(expected);
      expectSound(ledger, model);
    }
  });

describe('the ledger against a model', () => {
  it('answers and balances alike over 5,000 random sequences of batches', () => {
    fc.assert(behavesLikeTheModel(decide), { numRuns: 5_000 });
  }, 120_000);

  it('decides a batch as it decides its commands one by one', () => {
    fc.assert(
      fc.property(fc.array(arbitraryCommand(startMs, stepMs), { maxLength: 30 }), (commands) => {
        const together = new LedgerInMemory(decide);
        const apart = new LedgerInMemory(decide);
        const answers = commands.flatMap((command) => apart.run([command]));
        expect(together.run(commands)).toEqual(answers);
        expect(together.placed).toEqual(apart.placed);
      }),
      { numRuns: 500 },
    );
  });
});

/** Rules with a bug each; the model must notice every one of them. */
const plantedBugs: Record<string, Rules> = {
  'a hold may be resolved twice': (command, book) =>
    decide(command, { ...book, resolutions: new Map() }),
  'a hold id may be used twice': (command, book) =>
    command.type === 'PlaceHold'
      ? decide(command, { ...book, holds: new Map() })
      : decide(command, book),
  'credits are spent that are not there': (command, book) =>
    command.type === 'PlaceHold'
      ? decide(command, { ...book, heads: richHeads(book) })
      : decide(command, book),
  'a part is rounded up': (command, book) =>
    command.type === 'CaptureHold' && command.numerator < command.denominator
      ? decide({ ...command, numerator: command.numerator + 1 }, book)
      : decide(command, book),
  'a grant may be given twice': (command, book) => decide(command, { ...book, grants: new Map() }),
  'a hold may expire early': (command, book) =>
    command.type === 'ExpireHold'
      ? decide(command, { ...book, nowMs: startMs * 2 })
      : decide(command, book),
  'more is refunded than was captured': (command, book) =>
    command.type === 'RefundCharge'
      ? decide(command, { ...book, undone: new Map() })
      : decide(command, book),
  'bought credits are spent before given ones': (command, book) =>
    spendingFrom(command, book, paidFirst),
  'what expires last is spent first': (command, book) => spendingFrom(command, book, lastFirst),
  'a budget is passed': (command, book) =>
    command.type === 'PlaceHold'
      ? decide(command, { ...book, heads: unlimited(book) })
      : decide(command, book),
  'credits are spent whose time is over': (command, book) =>
    command.type === 'PlaceHold'
      ? decide(command, { ...book, nowMs: 0, heads: timeless(book) })
      : decide(command, book),
};

/** Decides a hold from a head whose lots are changed, as if they were told apart wrongly. */
function spendingFrom(command: LedgerCommand, book: Book, change: (lots: Lots) => Lots): Decision {
  if (command.type !== 'PlaceHold') return decide(command, book);
  const heads = [...book.heads].map(
    ([accountId, head]) => [accountId, { ...head, lots: change(head.lots) }] as const,
  );
  return decide(command, { ...book, heads: new Map(heads) });
}

/** Hides given credits as long as there are enough bought ones. */
const paidFirst = (lots: Lots): Lots =>
  lots.paidMicros >= 24n ? { ...noLots, paidMicros: lots.paidMicros } : lots;
const lastFirst = (lots: Lots): Lots => ({ ...lots, expiring: [...lots.expiring].reverse() });
const timeless = (book: Book): Book['heads'] =>
  new Map([...book.heads].map(([id, head]) => [id, { ...head, recordedAtMs: 0 }]));

const unlimited = (book: Book): Book['heads'] =>
  new Map([...book.heads].map(([id, head]) => [id, { ...head, budgets: noBudgets }]));

function richHeads(book: Book): Book['heads'] {
  const lots = { ...noLots, promotionalMicros: 1_000_000n };
  const rich = [...book.heads].map(([accountId, head]) => [accountId, { ...head, lots }] as const);
  return new Map(rich);
}

describe('the model test itself', () => {
  it.each(Object.keys(plantedBugs))('notices when %s', (bug) => {
    const rules = plantedBugs[bug]!;
    expect(fc.check(behavesLikeTheModel(rules), { numRuns: 2_000 }).failed).toBe(true);
  });
});
