import type pg from 'pg';
import type { Problem } from '../http/problem.js';
import { digestOf, isWellFormed } from '../keys/api-key.js';
import { unauthorized } from './admission.js';
import { keyIn } from './credentials.js';

/** Whether a key opens anything at all; asked before a large body is read, and of nothing else. */
export type KnowsKey = (apiKey: string) => Promise<boolean>;

const text = 'select gateway.knows_key($1) as known';

/**
 * One read by an index. Admission asks again once the body is there, and takes the budgets then: it
 * needs the body to tell a repetition from another request.
 */
export const keysIn =
  (pool: pg.Pool): KnowsKey =>
  async (apiKey) => {
    const asked = { name: 'gateway_knows_key', text, values: [digestOf(apiKey)] };
    const { rows } = await pool.query<{ known: boolean }>(asked);
    return rows[0]?.known === true;
  };

/** Admission looks the key up when it has the body: before a large one is read, it is done here too. */
export async function refusalOfStrangers(
  headers: Parameters<typeof keyIn>[0],
  knowsKey: KnowsKey,
): Promise<Problem | undefined> {
  const key = keyIn(headers) ?? '';
  return isWellFormed(key) && (await knowsKey(key)) ? undefined : unauthorized();
}
