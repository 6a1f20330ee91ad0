import { z } from 'zod';
import { keyId } from '../../scalars.js';
import { keyResource, keyWithHistory, madeKey, makeKeyRequest, rotateKeyRequest } from '../keys.js';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta, pageMeta } from './route.js';

const params = z.object({ id: keyId.meta({ description: 'The id of a key' }) });
const shownOnce = envelope(madeKey, z.strictObject({ notice: z.string() }));
const common = { tag: 'Keys', access: needs('keys:write') } as const;
const id = 'key_01k9zq4hjkm8nvw5r2c7x3d6ef';

/** A key as the examples show it. */
const example = {
  id,
  name: 'ci',
  kind: 'live',
  hint: 'sl_live_7f3k…9zq4',
  scopes: ['jobs:read'],
  created_at: '2026-11-21T12:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};

const make: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/keys',
  operationId: 'makeKey',
  summary: 'Make a key; it is shown this once',
  description: 'At most 5 are active. No key allows more than the one that made it.',
  body: makeKeyRequest,
  answers: { 201: json('The key', shownOnce) },
  problems: ['CONFLICT'],
  examples: [
    {
      name: 'a key that may only look',
      request: { body: { name: 'ci', scopes: ['jobs:read'] } },
      answer: {
        status: 201,
        body: {
          data: { ...example, key: 'sl_live_7f3k5w0m2x8n4q6r1t9v3y5b7d0g2j4k6p8s1u3w5z7f9zq4' },
          meta: { notice: 'The key is shown this once; keep it now.' },
        },
      },
    },
  ],
};

const list: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/keys',
  operationId: 'listKeys',
  summary: 'All keys, newest first, never the keys themselves',
  answers: { 200: json('The keys', envelope(z.array(keyResource), pageMeta)) },
};

const get: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/keys/{id}',
  operationId: 'getKey',
  summary: 'A key and what was done to it',
  params,
  answers: { 200: json('The key', envelope(keyWithHistory, noMeta)) },
};

const rotate: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/keys/{id}/rotate',
  operationId: 'rotateKey',
  summary: 'A new key in place of an old one, which goes on working for a while',
  params,
  body: rotateKeyRequest,
  answers: { 201: json('The new key', shownOnce) },
  problems: ['CONFLICT'],
  examples: [
    {
      name: 'at once',
      given: 'another key',
      request: { path: { id }, body: { overlap_seconds: 0 } },
      answer: {
        status: 201,
        body: {
          data: { ...example, key: 'sl_live_7f3k5w0m2x8n4q6r1t9v3y5b7d0g2j4k6p8s1u3w5z7f9zq4' },
          meta: { notice: 'The key is shown this once; keep it now.' },
        },
      },
    },
  ],
};

const revoke: ApiRoute = {
  ...common,
  method: 'DELETE',
  path: '/api/v1/keys/{id}',
  operationId: 'revokeKey',
  summary: 'Revoke a key: from now on it is refused on every gateway',
  params,
  answers: { 200: json('The key, revoked', envelope(keyResource, noMeta)) },
  examples: [
    {
      name: 'a key that leaked',
      given: 'another key',
      request: { path: { id } },
      answer: {
        status: 200,
        body: { data: { ...example, revoked_at: '2026-11-21T12:30:00.000Z' }, meta: {} },
      },
    },
  ],
};

export const keyRoutes: readonly ApiRoute[] = [make, list, get, rotate, revoke];
