import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lanes } from './lanes.js';

describe('Lanes', () => {
  it('keeps the order of every key, never runs two of one key, and forgets no task', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }),
        async (scheduler, keys) => {
          const running = new Set<string>();
          const done: [string, number][] = [];
          const lanes = new Lanes<[string, number]>(async ([key, n]) => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            done.push([key, n]);
          });
          keys.forEach((key, n) => lanes.add(key, [key, n]));
          await scheduler.waitIdle();
          expect(done).toHaveLength(keys.length);
          for (const key of 'abc') {
            const mine = done.filter(([of]) => of === key).map(([, n]) => n);
            expect(mine).toEqual([...mine].sort((a, b) => a - b));
          }
        },
      ),
    );
  });

  it('runs different keys side by side', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const done: string[] = [];
    const lanes = new Lanes<string>(async (task) => {
      if (task === 'held') await gate;
      done.push(task);
    });
    lanes.add('a', 'held');
    lanes.add('a', 'behind');
    lanes.add('b', 'free');
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual(['free']);
    open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual(['free', 'held', 'behind']);
  });
});
