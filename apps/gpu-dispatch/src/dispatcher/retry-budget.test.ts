import { describe, expect, it } from '@jest/globals';
import { RetryBudget } from './retry-budget.js';

/** A clock that a test winds on; it calls what is due, in order. */
class Wound {
  private nowMs = 0;
  private waiting: { atMs: number; call: () => void }[] = [];
  now = () => this.nowMs;
  callIn = (ms: number, call: () => void) => {
    const one = { atMs: this.nowMs + ms, call };
    this.waiting.push(one);
    return () => void (this.waiting = this.waiting.filter((other) => other !== one));
  };
  wind(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const [next] = this.waiting.filter(({ atMs }) => atMs <= untilMs);
      if (next === undefined) break;
      this.waiting = this.waiting.filter((other) => other !== next);
      this.nowMs = next.atMs;
      next.call();
    }
    this.nowMs = untilMs;
  }
}

const isWanted = () => true;
const storm = (budget: RetryBudget, retries: number) => {
  const made: number[] = [];
  for (let n = 0; n < retries; n += 1) budget.spend('a', { isWanted, make: () => made.push(n) });
  return made;
};

describe('the budget of retries', () => {
  it('lets a few go at once, and a storm only as a trickle, first come first served', () => {
    const clock = new Wound();
    const budget = new RetryBudget(clock);
    const made = storm(budget, 1_000);
    expect([made.length, budget.waiting, budget.left]).toEqual([20, 980, 0]);
    clock.wind(10_000);
    expect(made.length).toBe(40);
    expect(made).toEqual(made.map((_, n) => n));
    clock.wind(480_000);
    expect([made.length, budget.waiting]).toEqual([1_000, 0]);
  });

  it('grows by a tenth of the completed work, saved up for about a minute', () => {
    const clock = new Wound();
    const budget = new RetryBudget(clock);
    for (let n = 0; n < 5_000; n += 1) budget.earn();
    expect(budget.left).toBe(500);
    clock.wind(600_000);
    expect(storm(budget, 2_000).length).toBeLessThanOrEqual(520);
  });

  it('is earned while others wait for it', () => {
    const clock = new Wound();
    const budget = new RetryBudget(clock);
    const made = storm(budget, 30);
    for (let n = 0; n < 101; n += 1) budget.earn();
    expect(made.length).toBe(30);
  });

  it('gives accounts their turns, however long the line of one is', () => {
    const clock = new Wound();
    const budget = new RetryBudget(clock);
    storm(budget, 1_000);
    const made: string[] = [];
    for (const name of ['b', 'c']) budget.spend(name, { isWanted, make: () => made.push(name) });
    clock.wind(1_500);
    expect(made).toEqual(['b', 'c']);
  });

  it('spends nothing on what nobody wants any more', () => {
    const clock = new Wound();
    const budget = new RetryBudget(clock);
    storm(budget, 20);
    const made: string[] = [];
    const gone = { isWanted: () => false, make: () => made.push('gone') };
    for (let n = 0; n < 100; n += 1) budget.spend('a', gone);
    budget.spend('a', { isWanted, make: () => made.push('wanted') });
    clock.wind(500);
    expect([made, budget.waiting]).toEqual([['wanted'], 0]);
  });

  it('makes nothing once it is closed', () => {
    const clock = new Wound();
    const budget = new RetryBudget(clock);
    const made = storm(budget, 30);
    budget.close();
    storm(budget, 5);
    clock.wind(60_000);
    expect([made.length, budget.waiting]).toEqual([20, 0]);
  });
});
