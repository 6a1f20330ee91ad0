import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryCommand } from '../test/arbitrary-commands.js';
import { LedgerModel } from '../test/ledger-model.js';
import { told, toldRefusal } from '../test/told.js';
import { decideAll, type Outcome } from './batch.js';
import { emptyDraft, post, type Book, type Draft, type Head } from './book.js';
import { customerLedgerAccounts, platformLedgerAccounts, type LedgerAccount } from './chart.js';
import { decide, type Decision, type LedgerCommand } from './ledger.js';
import { changeIn, type Placed } from './transaction.js';

type Rules = (command: LedgerCommand, book: Book) => Decision;
const nowMs = 1_800_000_000_000;

/** A whole ledger in memory, fed in batches as the writer would feed it. */
class LedgerInMemory {
  readonly draft: Draft = emptyDraft(nowMs);
  readonly placed: Placed[] = [];
  constructor(private readonly rules: Rules) {}

  run(commands: readonly LedgerCommand[]): Outcome[] {
    const batch = decideAll(commands, this.draft, this.rules);
    for (const { transaction } of batch.placed) post(this.draft, transaction);
    this.placed.push(...batch.placed);
    return [...batch.outcomes];
  }
}

const textOf = (outcome: Outcome): string =>
  outcome.status === 'refused' ? toldRefusal(outcome.code) : told(outcome.answer);

const unopened: Head = { sequence: 0, availableMicros: 0n, heldMicros: 0n };
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
    const { sequence, availableMicros, heldMicros } = own.get(accountId) ?? unopened;
    const next = {
      sequence: sequence + 1,
      availableMicros: availableMicros + moved('available'),
      heldMicros: heldMicros + moved('held'),
    };
    own.set(accountId, next);
    // Not `expect`: these run millions of times.
    const isWhole = chart.reduce((sum, name) => sum + moved(name), 0n) === 0n;
    if (!isWhole || !isSame(next, head) || next.availableMicros < 0n || next.heldMicros < 0n) {
      throw new Error(`${transaction.id} is broken`);
    }
  }
  expect(total.get('revenue') ?? 0n).toBe(model.revenue);
  expect(total.get('promotions') ?? 0n).toBe(-model.given);
  for (const account of ['ann', 'bob']) {
    const { availableMicros, heldMicros } = own.get(account) ?? unopened;
    const text = `available ${availableMicros.toString()} held ${heldMicros.toString()}`;
    expect(text).toBe(model.balance(account));
  }
}

const isSame = (a: Head, b: Head): boolean =>
  a.sequence === b.sequence &&
  a.availableMicros === b.availableMicros &&
  a.heldMicros === b.heldMicros;

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
      ? decide(command, { ...book, nowMs: nowMs * 2 })
      : decide(command, book),
};

function richHeads(book: Book): Book['heads'] {
  const rich = [...book.heads].map(
    ([accountId, head]) => [accountId, { ...head, availableMicros: 1_000_000n }] as const,
  );
  return new Map(rich);
}

describe('the model test itself', () => {
  it.each(Object.keys(plantedBugs))('notices when %s', (bug) => {
    const rules = plantedBugs[bug]!;
    expect(fc.check(behavesLikeTheModel(rules), { numRuns: 2_000 }).failed).toBe(true);
  });
});
