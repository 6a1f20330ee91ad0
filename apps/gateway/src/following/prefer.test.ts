import { expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { preferredWait } from './prefer.js';

const preferring = (prefer?: string | string[]) =>
  preferredWait({ headers: prefer === undefined ? {} : { prefer } } as unknown as FastifyRequest);

it.each<[string | string[] | undefined, number | undefined]>([
  ['wait=5', 5],
  ['respond-async, wait=10', 10],
  ['Wait = "7"; foo', 7],
  [['respond-async', 'wait=3'], 3],
  ['wait=600', 60],
  ['wait=0', 0],
  ['wait=-1', undefined],
  ['wait=soon', undefined],
  ['await=5', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads Prefer: %j as %j seconds', (header, seconds) => {
  expect(preferring(header)).toBe(seconds);
});
