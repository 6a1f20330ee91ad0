import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('turns', () => {
  it('are given in the order of asking', async () => {
    const turns = new Turns(['only'], 2);
    const first = await turns.take();
    const order: string[] = [];
    const second = turns.take().then(() => order.push('second'));
    const third = turns.take().then(() => order.push('third'));
    turns.give(first);
    await second;
    expect(order).toEqual(['second']);
    turns.give(first);
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  it('are refused when too many wait, and given again when fewer do', async () => {
    const turns = new Turns(['only'], 1);
    await turns.take();
    const waiting = turns.take();
    await expect(turns.take()).rejects.toMatchObject({ code: 'image.intake_busy' });
    turns.give('only');
    expect(await waiting).toBe('only');
    const next = turns.take();
    turns.give('only');
    expect(await next).toBe('only');
  });

  it('are given up with the reason of the signal, and leave room behind', async () => {
    const turns = new Turns(['only'], 1);
    await turns.take();
    const impatience = new AbortController();
    const leaving = turns.take(impatience.signal);
    impatience.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    const next = turns.take();
    turns.give('only');
    expect(await next).toBe('only');
  });

  it('are not taken with a signal that has already fired', async () => {
    const turns = new Turns(['only'], 1);
    await expect(turns.take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(await turns.take()).toBe('only');
  });

  it('are kept by one whose signal fires just after, and by those behind', async () => {
    const turns = new Turns(['only'], 2);
    await turns.take();
    const late = new AbortController();
    const second = turns.take(late.signal);
    const third = turns.take();
    turns.give('only');
    late.abort(new Error('gone'));
    expect(await second).toBe('only');
    turns.give('only');
    expect(await third).toBe('only');
  });

  it('are refused to all who wait and come once closed', async () => {
    const turns = new Turns(['only'], 1);
    await turns.take();
    const waiting = turns.take();
    turns.close();
    await expect(waiting).rejects.toMatchObject({ code: 'image.intake_closed' });
    turns.give('only');
    await expect(turns.take()).rejects.toMatchObject({ code: 'image.intake_closed' });
  });
});
