import { describe, expect, it } from '@jest/globals';
import { isDueToProve, mayPutAway, struck, type Quarantine } from './quarantine.js';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(minutes * MINUTE);
const strike = (before: Quarantine | undefined, minutes: number) =>
  struck('w', before, 'why', { now: at(minutes), firstMs: 10 * MINUTE });

describe('a quarantine', () => {
  it('is twice as long after each strike, also after an end, and four hours at most', () => {
    const first = strike(undefined, 0);
    expect(first).toMatchObject({ strikes: 1, since: at(0), provesAt: at(10), endedAt: null });
    const second = strike(first, 10);
    expect(second).toMatchObject({ strikes: 2, since: at(0), provesAt: at(30) });
    const third = strike({ ...second, endedAt: at(30) }, 40);
    expect(third).toMatchObject({ strikes: 3, since: at(40), provesAt: at(80) });
    expect(strike({ ...third, strikes: 30 }, 0).provesAt).toEqual(at(240));
  });

  it('of an operator is left alone while it is in force', () => {
    const theirs: Quarantine = {
      ...{ workerId: 'w', placedBy: 'operator', reason: 'fan', strikes: 0, since: at(0) },
      ...{ provesAt: null, endedAt: null },
    };
    expect(strike(theirs, 5)).toBe(theirs);
    expect(strike({ ...theirs, endedAt: at(1) }, 5)).toMatchObject({ placedBy: 'dispatcher' });
  });

  it('can be ended by a canary when it is time, an operator’s never', () => {
    const first = strike(undefined, 0);
    expect([9, 10].map((minutes) => isDueToProve(first, at(minutes)))).toEqual([false, true]);
    expect(isDueToProve({ ...first, provesAt: null }, at(99))).toBe(false);
    expect(isDueToProve({ ...first, endedAt: at(1) }, at(99))).toBe(false);
    expect(isDueToProve(undefined, at(99))).toBe(false);
  });
});

describe('a fleet', () => {
  it('never loses more than a quarter of its workers to the dispatcher, nor its only one', () => {
    const most = (workers: number) => {
      let away = 0;
      while (mayPutAway(workers, away)) away += 1;
      return away;
    };
    expect([0, 1, 2, 4, 7, 8, 100].map(most)).toEqual([0, 0, 1, 1, 1, 2, 25]);
  });
});
