import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, keyId, micros } from './scalars.js';

/** For operators and for `npm start`, never over public HTTP: opens an account with its first key. */
export const openAccount = operation(
  'gateway.open-account',
  z.object({
    accountId,
    name: z.string().min(1).max(200),
    grantMicros: micros,
    /** A plan of the gateway: limits of requests and of open jobs. */
    plan: z.enum(['standard', 'unmetered']).default('standard'),
  }),
  z.object({ accountId, keyId, apiKey: z.string() }),
  5_000,
);
