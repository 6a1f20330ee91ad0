import { z } from 'zod';
import type { ApiRoute } from './route.js';
import { envelope, json, needs, noMeta } from './route.js';

const credits = z.string().meta({ description: 'Credits, a decimal string' });

const account = z
  .strictObject({
    id: z.string(),
    credits: z.strictObject({ available: credits, held: credits }),
  })
  .meta({ id: 'Account' });

export const accountRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/account',
    operationId: 'getAccount',
    tag: 'Account',
    summary: 'The credits of the account, available and held',
    access: needs('account:read'),
    answers: { 200: json('The account', envelope(account, noMeta)) },
    examples: [
      {
        name: 'a fresh account',
        credits: '500',
        request: {},
        answer: {
          status: 200,
          body: {
            data: {
              id: 'acc_01k9zq4hjkm8nvw5r2c7x3d6ef',
              credits: { available: '500', held: '0' },
            },
            meta: {},
          },
        },
      },
    ],
  },
];
