import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatementHead, StatementLine } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { createPool, CustomerReads } from '@safelight/postgres';
import fc from 'fast-check';
import type pg from 'pg';
import type { LedgerCommand } from '../ledger/ledger.js';
import { Ledger } from '../ledger/ledger.writer.js';
import { schema } from '../migrations/index.js';
import { arbitraryCharge, arbitraryCommand, scoped } from '../test/arbitrary-commands.js';
import { backDate } from '../test/back-dating.js';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { StatementController } from './statement.controller.js';

const RUNS = 60;
const DAY_MS = 86_400_000;
const [nowMs, stepMs] = [Date.now(), 3_600_000];

let postgres: BillingDatabases;
let pool: pg.Pool;
let admin: pg.Pool;
let ledger: Ledger;
let statements: StatementController;
beforeAll(async () => {
  postgres = await billingDatabases();
  const { url, adminUrl } = await postgres.create();
  pool = createPool({ url, applicationName: 'test', indexesOnly: true });
  admin = createPool({ url: adminUrl, applicationName: 'test' });
  ledger = new Ledger({ pool });
  statements = new StatementController(new CustomerReads(pool, schema));
});
afterAll(async () => {
  await Promise.all([pool.end(), admin.end()]);
  await postgres.stop();
});

const story = fc.record({
  commands: fc
    .tuple(
      arbitraryCharge(nowMs, stepMs),
      fc.array(arbitraryCommand(nowMs, stepMs), { minLength: 10, maxLength: 40 }),
    )
    .map(([first, rest]) => [...first, ...rest]),
  /** Days from one transaction to the next. */
  gaps: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 50, maxLength: 50 }),
  limit: fc.integer({ min: 1, max: 7 }),
});

async function ask(command: LedgerCommand): Promise<void> {
  await ledger.execute(command).catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
  });
}

async function countOf(accountId: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'select count(*)::int as n from billing.transactions where account_id = $1',
    [accountId],
  );
  return rows[0]!.n;
}

/** Each place its age, so that the last is now. */
function agesOf(count: number, gaps: readonly number[]): number[] {
  let age = 0;
  return Array.from(
    { length: count },
    (_, n) => (age += n === 0 ? 0 : gaps[n % gaps.length]! * DAY_MS),
  ).reverse();
}

const monthsBack = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => {
    const now = new Date();
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n));
    return first.toISOString().slice(0, 7);
  }).reverse();

async function linesOf(accountId: string, { opening, closing }: StatementHead, limit: number) {
  const lines: StatementLine[] = [];
  let after: number | null = opening.sequence;
  while (after !== null) {
    const page = await statements.read({ accountId, after, until: closing.sequence, limit });
    lines.push(...(page.lines as StatementLine[]));
    after = page.next;
  }
  return lines;
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, one) => total + one, 0n);
const totalOf = (balance: StatementHead['opening']) => balance.availableMicros + balance.heldMicros;

/** The ledger's own postings between two places, by the kinds of lines that stand for them. */
async function postingsOf(accountId: string, { opening, closing }: StatementHead) {
  const { rows } = await pool.query<Record<StatementLine['type'], bigint>>(
    `select
       (-coalesce(sum(payments_micros) filter (where kind = 'topup'), 0))::bigint as top_up,
       (-coalesce(sum(promotions_micros) filter (where kind = 'grant'), 0))::bigint as grant,
       (-coalesce(sum(revenue_micros), 0))::bigint as charge,
       (-coalesce(sum(refunds_micros), 0))::bigint as refund,
       coalesce(-sum(payments_micros + promotions_micros + losses_micros)
         filter (where kind = 'reversal'), 0)::bigint as reversal,
       coalesce(-sum(adjustments_micros + losses_micros)
         filter (where kind = 'adjustment'), 0)::bigint as adjustment,
       coalesce(-sum(promotions_micros)
         filter (where kind not in ('grant', 'reversal')), 0)::bigint as expiry
     from billing.transactions where account_id = $1 and sequence > $2 and sequence <= $3`,
    [accountId, opening.sequence, closing.sequence],
  );
  return rows[0]!;
}

/** What each day moved, by the postings: the days of an invoice that is made every day. */
async function daysOf(accountId: string): Promise<Map<string, bigint>> {
  const { rows } = await pool.query<{ day: string; moved: bigint }>(
    `select to_char(recorded_at at time zone 'utc', 'YYYY-MM-DD') as day,
       sum(available_micros + held_micros)::bigint as moved
     from billing.transactions where account_id = $1 group by 1`,
    [accountId],
  );
  return new Map(rows.filter(({ moved }) => moved !== 0n).map(({ day, moved }) => [day, moved]));
}

/** Bought credits that an account owns after a place, from all that happened until then. */
async function paidAt(accountId: string, sequence: number): Promise<bigint> {
  const { rows } = await pool.query<{ paid: bigint }>(
    `select (coalesce((select paid_after_micros from billing.transactions
         where account_id = $1 and sequence = $2), 0)
       - coalesce((select sum(h.paid_micros) from billing.transactions h
         where h.account_id = $1 and h.kind = 'hold' and h.sequence <= $2 and not exists (
           select from billing.transactions s where s.account_id = $1 and s.sequence <= $2
             and s.id = 'settle:' || substr(h.id, 6))), 0))::bigint as paid`,
    [accountId, sequence],
  );
  return rows[0]!.paid;
}

async function expectSound(accountId: string, limit: number): Promise<void> {
  let before: StatementHead | undefined;
  const byDay = new Map<string, bigint>();
  for (const month of monthsBack(24)) {
    const head = await statements.open({ accountId, month });
    const lines = await linesOf(accountId, head, limit);
    const { opening, closing } = head;
    if (before) expect(opening).toEqual(before.closing);
    expect(totalOf(opening) + sum(lines.map((line) => line.amountMicros))).toBe(totalOf(closing));
    expect(opening.paidMicros + sum(lines.map((line) => line.paidMicros))).toBe(closing.paidMicros);
    expect(closing.paidMicros).toBe(await paidAt(accountId, closing.sequence));
    const postings = await postingsOf(accountId, head);
    for (const [type, micros] of Object.entries(postings)) {
      const told = lines.filter((line) => line.type === type).map((line) => line.amountMicros);
      expect([type, sum(told)]).toEqual([type, micros]);
    }
    for (const { at, amountMicros } of lines) {
      expect(at >= head.from && at < head.to).toBe(true);
      byDay.set(at.slice(0, 10), (byDay.get(at.slice(0, 10)) ?? 0n) + amountMicros);
    }
    before = head;
  }
  const told = [...byDay].filter(([, micros]) => micros !== 0n);
  expect(new Map(told)).toEqual(await daysOf(accountId));
  expect(before?.closing.sequence).toBe(await countOf(accountId));
}

let run = 0;

describe('the statements of two years', () => {
  it('add up from month to month and day to day to the postings, bought and given apart', async () => {
    const property = fc.asyncProperty(story, async ({ commands, gaps, limit }) => {
      run += 1;
      for (const command of commands) await ask(scoped(command, `${run}`));
      for (const name of ['ann', 'bob']) {
        const accountId = `${run}-${name}`;
        await backDate(admin, accountId, agesOf(await countOf(accountId), gaps));
        await expectSound(accountId, limit);
      }
    });
    await fc.assert(property, { numRuns: RUNS });
  }, 240_000);
});
