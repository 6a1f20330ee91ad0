import { expect, it } from '@jest/globals';
import { isTransient, isUnreachable } from './faults.js';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

it.each([
  ['a terminated backend', withCode('57P01'), true],
  ['a server that starts up', withCode('57P03'), true],
  ['nobody listening', withCode('ECONNREFUSED'), true],
  ['the driver’s words', new Error('Connection terminated unexpectedly'), true],
  ['a client past its end', new Error('Client was closed and is not queryable'), true],
  ['a query that got no answer in time', new Error('Query read timeout'), true],
  ['several addresses, none answering', { errors: [withCode('ECONNREFUSED')] }, true],
  ['a unique violation', withCode('23505'), false],
  ['a statement that took too long', withCode('57014'), false],
  ['an error of our own', new Error('poison'), false],
  ['nothing', undefined, false],
])('judges whether the server is away: %s', (_what, error, expected) => {
  expect(isUnreachable(error)).toBe(expected);
});

it('knows deadlocks and serialisation failures', () => {
  expect(['40P01', '40001', '23505'].map((code) => isTransient(withCode(code)))).toEqual([
    true,
    true,
    false,
  ]);
});
