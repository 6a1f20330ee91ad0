import { describe, expect, it } from '@jest/globals';
import { PoolBook } from '../pools/pool-book.js';
import { undescribed } from '../pools/pool.js';
import { poolsFor } from './reach.js';

describe('where a job may run', () => {
  const book = new PoolBook([{ ...undescribed('lake'), accountId: 'acc_1' }], []);
  const reach = (pool: string | undefined, test: boolean) =>
    poolsFor(book, { accountId: 'acc_1', pool, test });

  it('is in no pool of the account for a test key, even where it names one', () => {
    expect(reach(undefined, false).pools).toEqual(['lake', 'shared']);
    expect(reach('lake', false).pools).toEqual(['lake']);
    expect(reach(undefined, true).pools).toEqual(['shared']);
    expect(() => reach('lake', true)).toThrow('pool.unknown');
  });
});
