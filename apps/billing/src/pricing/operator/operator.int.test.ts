import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PricedItem } from '@safelight/contracts';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { Ledger } from '../../ledger/ledger.writer.js';
import { billingDatabases, type BillingDatabases } from '../../test/billing-database.js';
import { rule, written } from '../../test/books.js';
import { capture, grant, hold, voiding } from '../../test/commands.js';
import { canonicalItem } from '../price.js';
import { readBooks } from '../price-books.sql.js';
import { checkPriceDocument, datedAnew, previewPrices, publishPrices } from './operator.js';

let postgres: BillingDatabases;
let url: string;
let pool: pg.Pool;

const item: PricedItem = {
  ...{ operation: 'generate', model: 'a/b', width: 512, height: 512 },
  ...{ steps: 20, images: 2, lane: 'standard' },
};
const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const dearer = (version: string, effective_from = later(3_600_000)) =>
  written({ version, effective_from, rules: [rule({ credits: '1.5' })] });

beforeAll(async () => {
  postgres = await billingDatabases();
  ({ url } = await postgres.create());
  pool = createPool({ url, applicationName: 'test' });
  const ledger = new Ledger({ pool });
  await ledger.execute(grant('ann', 100_000_000n));
  await ledger.execute(grant('bob', 100_000_000n));
  const place = (holdId: string, accountId: string) =>
    ledger.execute({
      ...hold(holdId, accountId, { priceMicros: 2_000_000n }),
      item: canonicalItem(item),
    });
  for (const id of ['whole', 'half', 'voided']) await place(id, 'ann');
  await place('open', 'bob');
  await ledger.execute(capture('whole'));
  await ledger.execute(capture('half', 1, 2));
  await ledger.execute(voiding('voided'));
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

describe('an operator', () => {
  it('is told what last month’s jobs would have cost, and nothing changes', async () => {
    const progress: [number, number][] = [];
    const previewed = await previewPrices({ url, written: dearer('preview') }, (...step) =>
      progress.push(step),
    );
    if (!previewed.ok) throw new Error(JSON.stringify(previewed.faults));
    expect(Object.fromEntries(previewed.accounts)).toEqual({
      ann: { jobs: 2, unsold: 0, beforeMicros: 3_000_000n, afterMicros: 4_500_000n },
      bob: { jobs: 1, unsold: 0, beforeMicros: 2_000_000n, afterMicros: 3_000_000n },
    });
    expect(progress).toEqual([[3, 3]]);
    expect((await readBooks(pool)).books).toHaveLength(1);
  });

  it('publishes a sound document once, for its date', async () => {
    const from = later(7_200_000);
    const dated = datedAnew(dearer('next'), from);
    expect(await publishPrices({ url, written: dated })).toEqual({
      ...{ ok: true, version: 'next', effectiveFrom: from },
    });
    const { books } = await readBooks(pool);
    expect(books.map(({ version }) => version)).toEqual(['price-book-3', 'next']);
    const again = await publishPrices({ url, written: dated });
    expect(again).toMatchObject({ ok: false, faults: [{ at: 'version' }] });
  });

  it('is refused what is faulty, and told where', async () => {
    const task = { url, written: dearer('soon', later(1_000)) };
    const faults = [{ at: 'effective_from' }];
    expect(await checkPriceDocument(task)).toMatchObject({ ok: false, faults });
    expect(await previewPrices(task)).toMatchObject({ ok: false, faults });
    expect(await publishPrices(task)).toMatchObject({ ok: false, faults });
    expect(await checkPriceDocument({ url, written: 'prices' })).toMatchObject({ ok: false });
  });

  it('wins alone where two publish one version at once', async () => {
    const both = await Promise.all(
      [2, 3].map((hours) =>
        publishPrices({ url, written: dearer('race', later(hours * 3_600_000)) }),
      ),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
