import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { FixedClock } from './fixed-clock.js';

describe('eventually', () => {
  it('gives the first truthy answer, past errors', async () => {
    let asked = 0;
    const answer = await eventually(() => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked > 3 && 'there';
    });
    expect([answer, asked]).toEqual(['there', 4]);
  });

  it('gives up after its deadline and tells the last answer or error', async () => {
    await expect(eventually(() => 0, { deadlineMs: 30 })).rejects.toThrow('last answer was 0');
    const failing = eventually(
      () => {
        throw new Error('still closed');
      },
      { deadlineMs: 30 },
    );
    await expect(failing).rejects.toMatchObject({ cause: new Error('still closed') });
  });
});

it('moves a fixed clock only by hand', () => {
  const clock = new FixedClock('2026-03-01T00:00:00Z');
  const before = clock.now();
  clock.advance(1500);
  expect(clock.now().getTime() - before.getTime()).toBe(1500);
  expect(before.toISOString()).toBe('2026-03-01T00:00:00.000Z');
});
