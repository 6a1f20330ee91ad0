import { z } from 'zod';
import { operation } from './operation.js';
import { accountId, keyId, micros } from './scalars.js';

/**
 * For operators and for `npm start`, never over public HTTP: opens an account with its first key.
 * Refusal: `plan.unknown {plan, plans}`.
 */
export const openAccount = operation(
  'gateway.open-account',
  z.object({
    accountId,
    name: z.string().min(1).max(200),
    grantMicros: micros,
    /** A row of `gateway.plans`: limits of requests and of open jobs. */
    plan: z.string().default('standard'),
  }),
  z.object({ accountId, keyId, apiKey: z.string() }),
  5_000,
);
