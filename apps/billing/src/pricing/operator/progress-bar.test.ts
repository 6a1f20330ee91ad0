import { describe, expect, it } from '@jest/globals';
import { progressBar } from './progress-bar.js';

function drawn(isTTY: boolean, steps: readonly number[]): string {
  let text = '';
  const bar = progressBar({ isTTY, write: (more) => (text += more) });
  for (const done of steps) bar(done, 1_000);
  return text;
}

describe('the progress bar', () => {
  it('is drawn over itself, once for each percent, and left when done', () => {
    const text = drawn(true, [1, 2, 500, 1_000]);
    expect(text.split('\r')).toEqual([
      '',
      `[${'.'.repeat(30)}] 0 %, 1 of 1000`,
      `[${'#'.repeat(15)}${'.'.repeat(15)}] 50 %, 500 of 1000`,
      `[${'#'.repeat(30)}] 100 %, 1000 of 1000\n`,
    ]);
  });

  it('is a line for each tenth where nobody watches', () => {
    const lines = drawn(false, [10, 150, 190, 1_000]).trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/.*\] /, ''))).toEqual([
      '1 %, 10 of 1000',
      '15 %, 150 of 1000',
      '100 %, 1000 of 1000',
    ]);
  });
});
