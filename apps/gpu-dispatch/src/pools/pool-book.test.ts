import { describe, expect, it } from '@jest/globals';
import { undescribed, type Pool } from './pool.js';
import { PoolBook } from './pool-book.js';

const pool = (name: string, part: Partial<Pool> = {}): Pool => ({ ...undescribed(name), ...part });
const offer = (name: string, ...models: string[]) => ({ pool: name, models });

describe('the book of pools', () => {
  it('knows pools that were described and pools that were seen', () => {
    const book = new PoolBook([pool('mine', { accountId: 'acc_1' })], []);
    book.hear(offer('seen', 'b', 'a'), true, 0);
    expect(book.names).toEqual(['mine', 'seen', 'shared']);
    expect(book.ownedBy('acc_1').map(({ name }) => name)).toEqual(['mine']);
    expect([book.isShared('mine'), book.isShared('seen')]).toEqual([false, true]);
    expect([book.modelsOf('seen'), book.poolsWith('a')]).toEqual([['a', 'b'], ['seen']]);
    book.describe([]);
    expect(book.ownedBy('acc_1')).toEqual([]);
  });

  it('keeps the models of others when a worker starts, and drops what nobody has any more', () => {
    const past = { pool: 'p', models: ['kept'], coldStartSeconds: null };
    const book = new PoolBook([], [past]);
    book.hear(offer('p', 'a'), true, 0);
    book.hear(offer('p', 'b'), true, 1_000);
    expect(book.modelsOf('p')).toEqual(['a', 'b', 'kept']);
    book.hear(offer('p', 'b'), false, 60_500);
    expect(book.modelsOf('p')).toEqual(['a', 'b', 'kept']);
    book.hear(offer('p', 'c'), true, 61_000);
    expect(book.modelsOf('p')).toEqual(['b', 'c']);
  });

  it('learns how long it takes from a wish to a worker', () => {
    const book = new PoolBook([pool('p', { fromZero: true })], []);
    expect(book.coldStartSeconds('p')).toBeNull();
    book.wish('p', true, 1_000);
    book.wish('p', true, 50_000);
    book.hear(offer('p', 'm'), true, 91_000);
    expect(book.coldStartSeconds('p')).toBe(90);
    book.hear(offer('p', 'm'), true, 500_000);
    expect(book.coldStartSeconds('p')).toBe(90);
    expect(book.takeChanges()).toEqual([{ pool: 'p', models: ['m'], coldStartSeconds: 90 }]);
    expect(book.takeChanges()).toEqual([]);
  });

  it('expects a first worker within the cold start, and not for ever', () => {
    const past = { pool: 'p', models: ['m'], coldStartSeconds: 60 };
    const book = new PoolBook([pool('p', { fromZero: true }), pool('fixed')], [past]);
    expect(book.firstWorkerInMs('fixed', 0)).toBeUndefined();
    expect(book.firstWorkerInMs('p', 0)).toBe(60_000);
    book.wish('p', true, 0);
    expect(book.firstWorkerInMs('p', 20_000)).toBe(40_000);
    expect(book.firstWorkerInMs('p', 100_000)).toBe(0);
    expect(book.firstWorkerInMs('p', 301_000)).toBeUndefined();
    book.wish('p', false, 302_000);
    expect(book.firstWorkerInMs('p', 302_000)).toBe(60_000);
  });
});
