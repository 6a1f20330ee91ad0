import { describe, expect, it } from '@jest/globals';
import { Alarms, type Clock } from './alarms.js';

/** Time that passes when told to; knows how many timers are set. */
class HandClock implements Clock {
  private nowMs = 0;
  private readonly timers = new Set<{ dueMs: number; call: () => void }>();

  now = () => this.nowMs;

  callIn = (ms: number, call: () => void) => {
    const timer = { dueMs: this.nowMs + ms, call };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  };

  get timersSet(): number {
    return this.timers.size;
  }

  pass(ms: number): void {
    this.nowMs += ms;
    for (const timer of [...this.timers]) {
      if (timer.dueMs > this.nowMs) continue;
      this.timers.delete(timer);
      timer.call();
    }
  }
}

const staged = () => {
  const clock = new HandClock();
  const calls: string[] = [];
  const alarms = new Alarms(clock);
  const set = (ms: number, name: string) => alarms.in(ms, () => calls.push(name));
  return { alarms, calls, clock, set };
};

describe('alarms', () => {
  it('ring once each, when it is time, in the order of their times', () => {
    const { calls, clock, set } = staged();
    set(300, 'c');
    set(100, 'a');
    set(200, 'b');
    clock.pass(99);
    expect(calls).toEqual([]);
    clock.pass(1);
    expect(calls).toEqual(['a']);
    clock.pass(500);
    expect(calls).toEqual(['a', 'b', 'c']);
    clock.pass(500);
    expect(calls).toHaveLength(3);
  });

  it('share one timer, and need none when nothing waits', () => {
    const { clock, set } = staged();
    for (let ms = 50; ms > 0; ms -= 1) set(ms, 'x');
    expect(clock.timersSet).toBe(1);
    clock.pass(50);
    expect(clock.timersSet).toBe(0);
  });

  it('may be set by one that rings, also for now', () => {
    const { alarms, calls, clock, set } = staged();
    alarms.in(10, () => {
      set(0, 'at once');
      set(5, 'later');
    });
    clock.pass(10);
    expect(calls).toEqual(['at once']);
    clock.pass(5);
    expect(calls).toEqual(['at once', 'later']);
  });

  it('wait for longer than one timer can', () => {
    const { calls, clock, set } = staged();
    const days = 86_400_000;
    set(30 * days, 'month');
    clock.pass(29 * days);
    expect(calls).toEqual([]);
    clock.pass(days);
    expect(calls).toEqual(['month']);
  });

  it('ring no more once they are closed', () => {
    const { alarms, calls, clock, set } = staged();
    set(10, 'before');
    alarms.close();
    set(10, 'after');
    expect(clock.timersSet).toBe(0);
    clock.pass(20);
    expect(calls).toEqual([]);
  });
});
