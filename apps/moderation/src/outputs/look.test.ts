import { expect, it } from '@jest/globals';
import { type Looks, lookBy, NoFinding } from './look.js';

const picture = new Uint8Array(4);
const limits = { level: 0, limitMs: 20 };
const telling = (tell: () => unknown): Looks => ({ name: 'test/1', look: async () => tell() });

it.each([true, false])('hands on a finding: unsafe %s', async (unsafe) => {
  const told = { unsafe, category: 'explicit' };
  expect(
    await lookBy(
      telling(() => told),
      picture,
      limits,
    ),
  ).toEqual(told);
});

it.each<[string, () => unknown]>([
  ['nothing', () => undefined],
  ['no verdict', () => ({ category: 'explicit' })],
  ['a score in its place', () => ({ unsafe: Number.NaN, category: 'explicit' })],
  ['a word in its place', () => ({ unsafe: 'false', category: 'explicit' })],
  ['no category', () => ({ unsafe: false })],
])('is no verdict when it tells %s', async (_, tell) => {
  await expect(lookBy(telling(tell), picture, limits)).rejects.toThrow(NoFinding);
});

it('is no verdict when it fails, or never ends', async () => {
  const failing = telling(() => {
    throw new Error('weights are not there');
  });
  await expect(lookBy(failing, picture, limits)).rejects.toMatchObject({
    name: 'NoFinding',
    cause: { message: 'weights are not there' },
  });
  const hanging = telling(() => new Promise(() => undefined));
  await expect(lookBy(hanging, picture, limits)).rejects.toThrow('not within 20 ms');
});
