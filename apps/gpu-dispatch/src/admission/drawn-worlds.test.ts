import { describe, expect, it } from '@jest/globals';
import { middleOf } from './drawn-worlds.js';

const run = (startMs: number, loadMs = 0) => ({
  ...{ startMs, loadMs, position: startMs / 1_000, slackMs: 0, decisions: 10 },
});

describe('the middle of what might come', () => {
  it('is no mean: one bad draw does not move it', () => {
    const { startMs, position } = middleOf([run(1_000), run(2_000), run(90_000)]);
    expect([startMs, position]).toEqual([2_000, 2]);
  });

  it('counts a load where most draws have one', () => {
    expect(middleOf([run(1_000, 20_000), run(1_000, 20_000), run(1_000)]).loadMs).toBe(20_000);
    expect(middleOf([run(1_000, 20_000), run(1_000), run(1_000)]).loadMs).toBe(0);
  });

  it('says what one of them cost, and how late the late ones begin', () => {
    const { decisions, slackMs } = middleOf([run(1_000), run(2_000), run(9_000)]);
    expect([decisions, slackMs]).toEqual([10, 7_000]);
  });
});
