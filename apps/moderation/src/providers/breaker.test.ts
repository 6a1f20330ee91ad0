import { describe, expect, it } from '@jest/globals';
import { Breaker } from './breaker.js';

describe('a breaker', () => {
  const broken = () => Promise.reject(new Error('broken'));
  const fine = () => Promise.resolve('fine');
  const said = (asked: Promise<string>) => asked.catch((error: unknown) => (error as Error).name);

  it('opens after five failures on end, and lets one through ten seconds later', async () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let at = 0; at < 4; at += 1) await said(breaker.run(broken));
    expect([await said(breaker.run(fine)), breaker.state]).toEqual(['fine', 'closed']);
    for (let at = 0; at < 5; at += 1) expect(await said(breaker.run(broken))).toBe('Error');
    expect([await said(breaker.run(fine)), breaker.state]).toEqual(['BreakerOpen', 'open']);
    now = 9_999;
    expect(await said(breaker.run(fine))).toBe('BreakerOpen');
    now = 10_000;
    let end: (answer: string) => void = () => undefined;
    const trial = breaker.run(() => new Promise<string>((resolve) => (end = resolve)));
    expect([await said(breaker.run(fine)), breaker.state]).toEqual(['BreakerOpen', 'trying']);
    end('fine');
    expect([await trial, breaker.state, await said(breaker.run(fine))]).toEqual([
      ...['fine', 'closed', 'fine'],
    ]);
  });

  it('opens again when the one that it lets through fails', async () => {
    let now = 0;
    const breaker = new Breaker(() => now);
    for (let at = 0; at < 5; at += 1) await said(breaker.run(broken));
    now = 10_000;
    expect(await said(breaker.run(broken))).toBe('Error');
    expect(await said(breaker.run(fine))).toBe('BreakerOpen');
    now = 20_000;
    expect(await said(breaker.run(fine))).toBe('fine');
  });
});
