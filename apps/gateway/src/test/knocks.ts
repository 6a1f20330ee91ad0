import { createHash } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import type { Admitted, IdempotencyClaim, Knock, LimitState } from '../admission/admission.js';
import { AnswerSeal } from '../admission/answer-seal.js';
import { Admission } from '../admission/admission.js';
import { Replay } from '../admission/replay.js';
import { Problem } from '../http/problem.js';
import type { GatewayDatabase } from './gateway-database.js';

/** What the gateways of a test seal answers with. */
export const testSeal = new AnswerSeal(Buffer.alloc(32));

/** Four gateways on one database; the one with this number, counted round. */
export function fourGateways(database: GatewayDatabase): (index: number) => Admission {
  let pools: pg.Pool[] = [];
  let gateways: Admission[] = [];
  beforeAll(() => {
    pools = Array.from({ length: 4 }, () =>
      createPool({ url: database.url, applicationName: 'gateway', max: 3 }),
    );
    gateways = pools.map((pool) => new Admission(pool, testSeal, async () => false));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.end())));
  return (index) => gateways[index % gateways.length]!;
}

export const knock = (apiKey: string, parts: Partial<Knock> = {}): Knock => ({
  ...{ apiKey, scope: 'jobs:write', budget: 'call', jobId: null, idempotency: null },
  ...parts,
});

export const claim = (key: string, body = 'body'): IdempotencyClaim => ({
  key,
  route: 'POST /api/v1/generate',
  fingerprint: createHash('sha256').update(body).digest(),
});

export const enter = (
  who: Admission,
  asked: Knock,
  hear: (state: LimitState) => void = () => undefined,
): Promise<Admitted> => who.admit(asked, hear);

/** `admitted`, the code of the problem, or `replayed`. */
export async function outcomeOf(entering: Promise<Admitted>): Promise<string> {
  try {
    await entering;
    return 'admitted';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    if (error instanceof Replay) return 'replayed';
    throw error;
  }
}

/** How often each outcome occurred. */
export const tally = (outcomes: readonly string[]): Record<string, number> =>
  Object.fromEntries(
    [...new Set(outcomes)].map((one) => [one, outcomes.filter((other) => other === one).length]),
  );
