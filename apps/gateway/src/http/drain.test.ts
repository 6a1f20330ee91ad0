import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Drain } from './drain.js';

/** What a drain did, in order, and what readiness said at each step. */
async function goneThrough(drain: Drain): Promise<string[]> {
  const steps: string[] = [];
  const note = (step: string) => steps.push(`${step}, ready: ${drain.accepting}`);
  const running = drain.run({
    server: createServer(),
    farewell: () => note('farewell'),
    close: async () => note('close'),
  });
  note('told');
  await running;
  return steps;
}

describe('a gateway that goes away', () => {
  it('says so first, then ends what goes on for long, then stops listening', async () => {
    const drain = new Drain({ noticeMs: 1, limitMs: 1_000 });
    drain.open();
    expect(await goneThrough(drain)).toEqual([
      'told, ready: false',
      'farewell, ready: false',
      'close, ready: false',
    ]);
  });

  it('is ready for requests only between its beginning and its end', async () => {
    const drain = new Drain({ noticeMs: 0, limitMs: 1_000 });
    await expect(drain.check()).rejects.toThrow('starting');
    drain.open();
    await expect(drain.check()).resolves.toBeUndefined();
    await goneThrough(drain);
    await expect(drain.check()).rejects.toThrow('draining');
  });
});
