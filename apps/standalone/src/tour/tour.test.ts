import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../options.js';
import { timelineLines } from './tour.js';

describe('the timeline as printed', () => {
  it('counts from the first event', () => {
    const event = (sequence: number, at: string) => ({
      sequence,
      type: `E${sequence}`,
      at,
      data: {},
    });
    expect(
      timelineLines([event(1, '2026-01-01T00:00:00.000Z'), event(2, '2026-01-01T00:00:01.250Z')]),
    ).toEqual([' 1  +     0 ms  E1', ' 2  +  1250 ms  E2']);
    expect(timelineLines([])).toEqual([]);
  });
});

describe('the options of npm start', () => {
  it('have defaults', () => {
    expect(readOptions([], '/here')).toMatchObject({ once: false, home: '/here/.safelight' });
  });

  it('refuse what they do not know', () => {
    expect(() => readOptions(['--prompt'], '/here')).toThrow(/argument missing/);
    expect(() => readOptions(['--fast'], '/here')).toThrow(/Unknown option/);
  });
});
