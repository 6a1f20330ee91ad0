import { expect, it } from '@jest/globals';
import { StateCache } from './state-cache.js';
import { Turns } from './turns.js';

it('forgets the state that was used longest ago', () => {
  const cache = new StateCache<string>(2);
  cache.set('a', { state: 'A', version: 1 });
  cache.set('b', { state: 'B', version: 1 });
  expect(cache.get('a')?.state).toBe('A');
  cache.set('c', { state: 'C', version: 1 });
  expect(cache.get('b')).toBeUndefined();
  expect([cache.get('a'), cache.get('c')].map((entry) => entry?.state)).toEqual(['A', 'C']);
  cache.drop('a');
  expect(cache.get('a')).toBeUndefined();
});

it('lets work of one key take turns, also after a failure, and others pass', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  const first = turns.take('a', async () => {
    await gate.promise;
    log.push('a1');
    throw new Error('a1');
  });
  const second = turns.take('a', async () => log.push('a2'));
  await turns.take('b', async () => log.push('b'));
  gate.resolve(undefined);
  await expect(first).rejects.toThrow('a1');
  await second;
  expect(log).toEqual(['b', 'a1', 'a2']);
});
