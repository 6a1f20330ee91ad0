import { describe, expect, it } from '@jest/globals';
import { FaultBook } from './faults.js';

const MINUTE = 60_000;
let jobs = 0;
/** Of an account of its own, unless it is said. */
const job = (model: string, accountId = `acc_${(jobs += 1)}`) => ({
  ...{ jobId: `job_${(jobs += 1)}`, accountId, model },
});
const apart = (book: FaultBook, worker: string, nowMs: number) => [
  ...book.modelsApart(worker, nowMs),
];

describe('a worker and a model', () => {
  it('are kept apart for ten minutes after two failures in a row', () => {
    const book = new FaultBook(5);
    book.failed('w', job('m'), 0);
    expect(apart(book, 'w', 0)).toEqual([]);
    book.failed('w', job('m'), MINUTE);
    book.failed('w', job('other'), MINUTE);
    book.failed('v', job('m'), MINUTE);
    expect(apart(book, 'w', 11 * MINUTE - 1)).toEqual(['m']);
    expect([apart(book, 'w', 11 * MINUTE), apart(book, 'v', MINUTE)]).toEqual([[], []]);
  });

  it('are parted again by the first failure after that, and reconciled by a success', () => {
    const book = new FaultBook(5);
    for (const atMs of [0, 1, 11 * MINUTE]) book.failed('w', job('m'), atMs);
    expect(apart(book, 'w', 12 * MINUTE)).toEqual(['m']);
    book.completed('w', 'm');
    expect(apart(book, 'w', 12 * MINUTE)).toEqual([]);
    book.failed('w', job('m'), 13 * MINUTE);
    expect(apart(book, 'w', 13 * MINUTE)).toEqual([]);
  });
});

describe('a worker', () => {
  it('is too faulty after more than so many faults within an hour', () => {
    const book = new FaultBook(3);
    for (const atMs of [0, 10, 20]) book.failed('w', job('m'), atMs * MINUTE);
    expect(book.isTooFaulty('w', 20 * MINUTE)).toBe(false);
    book.failed('w', job('n'), 59 * MINUTE);
    expect(book.isTooFaulty('w', 59 * MINUTE)).toBe(true);
    expect(book.isTooFaulty('w', 60 * MINUTE)).toBe(false);
  });

  it('that falls silent is at fault once, however many leases it held', () => {
    const book = new FaultBook(1);
    for (const atMs of [0, 1, 2]) book.fellSilent('w', atMs, 30_000);
    expect(book.faultsOf('w', 2)).toBe(1);
    book.fellSilent('w', 30_000, 30_000);
    expect(book.faultsOf('w', 30_000)).toBe(2);
  });

  it('begins anew when it is forgiven, and is forgotten in time', () => {
    const book = new FaultBook(1);
    for (const atMs of [0, 1]) book.failed('w', job('m'), atMs);
    book.forget(59 * MINUTE);
    expect(book.faultsOf('w', 59 * MINUTE)).toBe(2);
    book.forgive('w');
    expect([book.faultsOf('w', 2), apart(book, 'w', 2)]).toEqual([0, []]);
  });
});

describe('jobs that fail', () => {
  it('of one account alone keep nobody apart, and put nobody away', () => {
    const book = new FaultBook(5);
    for (let n = 0; n < 100; n += 1) book.failed('w', job('m', 'mean'), n);
    expect([apart(book, 'w', 100), book.isTooFaulty('w', 100)]).toEqual([[], false]);
    expect(book.faultsOf('w', 100)).toBe(1);
    for (let n = 0; n < 5; n += 1) book.failed('w', job('m'), n);
    expect([apart(book, 'w', 100), book.isTooFaulty('w', 100)]).toEqual([['m'], true]);
  });

  it('count in full once another worker has made them', () => {
    const book = new FaultBook(1);
    const failed = [job('m', 'only'), job('m', 'only')];
    for (const each of failed) book.failed('w', each, 0);
    expect([apart(book, 'w', 1), book.isTooFaulty('w', 1)]).toEqual([[], false]);
    for (const { jobId } of failed) book.wentWellElsewhere('w', jobId);
    expect([apart(book, 'w', 1), book.isTooFaulty('w', 1)]).toEqual([['m'], true]);
  });

  it('are forgotten where the job is found to fail everywhere', () => {
    const book = new FaultBook(1);
    const [poison, other] = [job('m'), job('m')];
    book.failed('w', poison, 0);
    book.failed('w', other, 0);
    expect(apart(book, 'w', 1)).toEqual(['m']);
    book.absolve(poison.jobId);
    expect([apart(book, 'w', 1), book.faultsOf('w', 1)]).toEqual([[], 1]);
  });
});
