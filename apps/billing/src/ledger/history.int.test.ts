import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { createPool, CustomerReads } from '@safelight/postgres';
import type pg from 'pg';
import { billingDatabases, type BillingDatabases } from '../test/billing-database.js';
import { capture, grant, hold, voiding } from '../test/commands.js';
import { schema } from '../migrations/index.js';
import { HistoryController } from './history.controller.js';
import { Ledger } from './ledger.writer.js';

let databases: BillingDatabases;
let pool: pg.Pool;
let ledger: Ledger;
let history: HistoryController;
beforeAll(async () => {
  databases = await billingDatabases();
  pool = createPool({
    url: (await databases.create()).url,
    applicationName: 'test',
    indexesOnly: true,
  });
  ledger = new Ledger({ pool });
  history = new HistoryController(new CustomerReads(pool, schema));
});
afterAll(async () => {
  await pool.end();
  await databases.stop();
});

const read = (
  accountId: string,
  limit = 100,
  before: number | null = null,
  asOf: string | null = null,
) => history.read({ accountId, limit, before, asOf });
const sequencesOf = ({ entries }: Awaited<ReturnType<typeof read>>) =>
  entries.map(({ sequence }) => sequence);

describe('the history of an account', () => {
  it('has each entry with the balance after it, the newest first', async () => {
    const [accountId, jobId, other] = [newId('acc'), newId('job'), newId('job')];
    await ledger.execute(grant(accountId, 10n));
    await ledger.execute(hold(jobId, accountId, { priceMicros: 4n }));
    await ledger.execute(capture(jobId, 1, 2));
    await ledger.execute(hold(other, accountId, { priceMicros: 3n }));
    await ledger.execute(voiding(other));
    const { entries, next, balance } = await read(accountId);
    expect(next).toBeNull();
    expect(balance).toEqual({
      ...{ availableMicros: 8n, heldMicros: 0n },
      ...{ paidMicros: 0n, promotionalMicros: 8n, nextExpiry: null },
    });
    expect(
      entries.map(({ kind, subject, availableMicros, heldMicros, balance: after, reason }) => [
        ...[kind, subject.id, availableMicros, heldMicros],
        ...[after.availableMicros, after.heldMicros, reason],
      ]),
    ).toEqual([
      ['voided', other, 3n, -3n, 8n, 0n, 'cancelled'],
      ['hold', other, -3n, 3n, 5n, 3n, null],
      ['captured', jobId, 2n, -4n, 8n, 0n, null],
      ['hold', jobId, -4n, 4n, 6n, 4n, null],
      ['grant', `first-${accountId}`, 10n, 0n, 10n, 0n, 'test'],
    ]);
  });

  it('goes page by page, and is empty for an account without any', async () => {
    const accountId = newId('acc');
    await ledger.execute(grant(accountId, 100n));
    for (let n = 0; n < 4; n += 1) await ledger.execute(hold(newId('job'), accountId));
    const first = await read(accountId, 2);
    expect([sequencesOf(first), first.next]).toEqual([[5, 4], 4]);
    const second = await read(accountId, 2, first.next);
    expect([sequencesOf(second), second.next]).toEqual([[3, 2], 2]);
    const third = await read(accountId, 2, second.next);
    expect([sequencesOf(third), third.next]).toEqual([[1], null]);
    expect(await read(newId('acc'))).toMatchObject({ entries: [], next: null });
  });

  it('is told as it stood at any time', async () => {
    const accountId = newId('acc');
    const times: string[] = [];
    await ledger.execute(grant(accountId, 100n));
    for (let n = 0; n < 12; n += 1) await ledger.execute(hold(newId('job'), accountId));
    const { rows } = await pool.query<{ at: string }>(
      `select to_char(recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
       from billing.transactions where account_id = $1 order by sequence`,
      [accountId],
    );
    times.push(...rows.map(({ at }) => at));
    for (const [index, at] of times.entries()) {
      // Several may share a moment.
      const count = times.filter((time) => time <= at).length;
      const then = await read(accountId, 100, null, at);
      expect(sequencesOf(then)[0]).toBe(count);
      expect(then.entries).toHaveLength(count);
      expect(then.balance.availableMicros).toBe(100n - BigInt(count - 1));
      expect(index).toBeLessThan(count);
    }
    const early = await read(accountId, 100, null, '2020-01-01T00:00:00.000Z');
    expect(early).toEqual({
      entries: [],
      next: null,
      balance: {
        ...{ availableMicros: 0n, heldMicros: 0n },
        ...{ paidMicros: 0n, promotionalMicros: 0n, nextExpiry: null },
      },
    });
  });
});
