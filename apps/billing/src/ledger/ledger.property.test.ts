import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryCommand } from '../test/arbitrary-commands.js';
import { LedgerModel } from '../test/ledger-model.js';
import { told, toldRefusal } from '../test/told.js';
import { decideAll, type Outcome } from './batch.js';
import { emptyDraft, post, type Book, type Draft } from './book.js';
import { availableOf, heldOf, isCustomerLedgerAccount } from './chart.js';
import { decide, type Decision, type LedgerCommand } from './ledger.js';
import type { Entry } from './transaction.js';

type Rules = (command: LedgerCommand, book: Book) => Decision;
const nowMs = 1_800_000_000_000;

/** A whole ledger in memory, fed in batches as the writer would feed it. */
class LedgerInMemory {
  readonly draft: Draft = emptyDraft(nowMs);
  readonly entries: Entry[] = [];
  constructor(private readonly rules: Rules) {}

  run(commands: readonly LedgerCommand[]): Outcome[] {
    const batch = decideAll(commands, this.draft, this.rules);
    for (const transaction of batch.transactions) post(this.draft, transaction);
    this.entries.push(...batch.entries);
    return [...batch.outcomes];
  }
}

const textOf = (outcome: Outcome): string =>
  outcome.status === 'refused' ? toldRefusal(outcome.code) : told(outcome.answer);

function expectSound(ledger: LedgerInMemory, model: LedgerModel): void {
  const sums = new Map<string, bigint>();
  const places = new Map<string, number>();
  for (const { ledgerAccount, amountMicros, sequence, balanceAfterMicros } of ledger.entries) {
    const sum = (sums.get(ledgerAccount) ?? 0n) + amountMicros;
    const place = (places.get(ledgerAccount) ?? 0) + 1;
    sums.set(ledgerAccount, sum);
    places.set(ledgerAccount, place);
    if (!isCustomerLedgerAccount(ledgerAccount)) continue;
    // Not `expect`: these run millions of times.
    if (sum < 0n || balanceAfterMicros !== sum || sequence !== place) {
      throw new Error(`${ledgerAccount} is broken at its entry ${place}`);
    }
  }
  expect([...sums.values()].reduce((total, sum) => total + sum, 0n)).toBe(0n);
  expect(sums.get('revenue') ?? 0n).toBe(model.revenue);
  expect(sums.get('promotions') ?? 0n).toBe(-model.given);
  for (const account of ['ann', 'bob']) {
    const available = (sums.get(availableOf(account)) ?? 0n).toString();
    const held = (sums.get(heldOf(account)) ?? 0n).toString();
    expect(`available ${available} held ${held}`).toBe(model.balance(account));
  }
}

const behavesLikeTheModel = (rules: Rules) =>
  fc.property(
    fc.array(fc.array(arbitraryCommand(), { minLength: 1, maxLength: 5 }), { maxLength: 10 }),
    (batches) => {
      const ledger = new LedgerInMemory(rules);
      const model = new LedgerModel();
      for (const batch of batches) {
        const expected = batch.map((command) => model.ask(command, nowMs));
        expect(ledger.run(batch).map(textOf)).toEqual(expected);
        expectSound(ledger, model);
      }
    },
  );

describe('the ledger against a model', () => {
  it('answers and balances alike over 5,000 random sequences of batches', () => {
    fc.assert(behavesLikeTheModel(decide), { numRuns: 5_000 });
  }, 120_000);

  it('decides a batch as it decides its commands one by one', () => {
    fc.assert(
      fc.property(fc.array(arbitraryCommand(), { maxLength: 30 }), (commands) => {
        const together = new LedgerInMemory(decide);
        const apart = new LedgerInMemory(decide);
        const answers = commands.flatMap((command) => apart.run([command]));
        expect(together.run(commands)).toEqual(answers);
        expect(together.entries).toEqual(apart.entries);
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
      ? decide(command, { ...book, nowMs: nowMs * 2 })
      : decide(command, book),
};

function richHeads(book: Book): Book['heads'] {
  const rich = [...book.heads].map(
    ([name, head]) => [name, { ...head, balanceMicros: 1_000_000n }] as const,
  );
  return new Map(rich);
}

describe('the model test itself', () => {
  it.each(Object.keys(plantedBugs))('notices when %s', (bug) => {
    const rules = plantedBugs[bug]!;
    expect(fc.check(behavesLikeTheModel(rules), { numRuns: 2_000 }).failed).toBe(true);
  });
});
