import { describe, expect, it } from '@jest/globals';
import type { PricedItem } from '@safelight/contracts';
import { book, rule } from '../../test/books.js';
import { canonicalItem } from '../price.js';
import { Repricing } from './reprice.js';
import { tellPreview } from './tell-preview.js';

const item: PricedItem = {
  ...{ operation: 'generate', model: 'a/b', width: 512, height: 512 },
  ...{ steps: 20, images: 4, lane: 'standard' },
};
const charged = (account_id: string, charged_micros: string, change: Partial<PricedItem> = {}) => ({
  ...{ account_id, charged_micros, price_micros: '4000000', numerator: 4, denominator: 4 },
  item: canonicalItem({ ...item, ...change }),
});

/** Images cost half of what they did, edits twice as much, and nothing is enlarged any more. */
const changed = book({
  sells: ['generate', 'edit'],
  rules: [
    rule({ id: 'image', operations: ['generate'], credits: '0.5' }),
    rule({ id: 'edit', operations: ['edit'], credits: '2' }),
  ],
});

describe('repricing', () => {
  const repricing = new Repricing(changed);
  repricing.add(charged('ann', '4000000'));
  // A third of the job: 2 / 3 of a credit is rounded down, as its capture would be.
  repricing.add({ ...charged('ann', '1333333'), numerator: 1, denominator: 3 });
  // Still open: the whole price.
  repricing.add({ ...charged('ann', '4000000'), numerator: null, denominator: null });
  repricing.add(charged('bob', '4000000', { operation: 'edit' }));
  repricing.add(charged('cyd', '2000000', { operation: 'upscale' }));
  repricing.add({ ...charged('cyd', '1000000'), item: 'a picture' });

  it('adds up the same part of each job at its new price, by account', () => {
    expect(Object.fromEntries(repricing.accounts)).toEqual({
      ann: { jobs: 3, unsold: 0, beforeMicros: 9_333_333n, afterMicros: 4_666_666n },
      bob: { jobs: 1, unsold: 0, beforeMicros: 4_000_000n, afterMicros: 8_000_000n },
      cyd: { jobs: 2, unsold: 2, beforeMicros: 0n, afterMicros: 0n },
    });
  });

  it('tells totals, who pays more and who less', () => {
    const [from, until] = [new Date('2026-11-01T12:00:00Z'), new Date('2026-12-01T12:00:00Z')];
    const period = { from, until };
    const effectiveFrom = '2027-01-01T00:00:00.000Z';
    const { accounts } = repricing;
    expect(tellPreview({ version: 'v', effectiveFrom, period, accounts })).toEqual([
      'v, in force from 2027-01-01T00:00:00.000Z, applied to the jobs of 2026-11-01 to 2026-12-01',
      '6 jobs of 3 accounts: 13.333333 credits, now 12.666666 (-0.666667, -5.0 %)',
      '1 accounts would pay more: 4 credits, now 8 (+4, +100.0 %)',
      '1 accounts would pay less: 9.333333 credits, now 4.666666 (-4.666667, -50.0 %)',
      '1 accounts would pay the same',
      '2 jobs of 1 accounts would have no price (in none of the amounts)',
      ...['', 'Would pay more:', '  bob  1 jobs: 4 credits, now 8 (+4, +100.0 %)'],
      ...[
        '',
        'Would pay less:',
        '  ann  3 jobs: 9.333333 credits, now 4.666666 (-4.666667, -50.0 %)',
      ],
    ]);
  });
});
