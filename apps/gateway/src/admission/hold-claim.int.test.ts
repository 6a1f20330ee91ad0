import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { runningGateway } from '../test/running-gateway.js';

const database = gatewayDatabase();
const gateway = runningGateway(database);

/** Seconds for which the key is claimed from now on. */
async function claimedFor(key: string): Promise<number> {
  const { rows } = await database.admin.query<{ seconds: number }>(
    `SELECT extract(epoch FROM busy_until - now())::float8 AS seconds
     FROM gateway.idempotency_keys WHERE key = $1`,
    [key],
  );
  return rows[0]?.seconds ?? 0;
}

describe('a claim', () => {
  it.each([
    ['/api/v1/generate', { prefer: 'wait=60' }, 60],
    ['/v1/images/generations', {}, 120],
  ])('of a request to %s outlives its wait', async (path, preference, waitSeconds) => {
    const { apiKey } = await accountWith(database);
    const key = randomUUID();
    const headers = {
      ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...{ 'idempotency-key': key, ...preference },
    };
    const request = { method: 'POST', headers, body: JSON.stringify({ prompt: 'a lake' }) };
    const leaving = new AbortController();
    const waiting = fetch(gateway.url + path, { ...request, signal: leaving.signal }).catch(
      () => undefined,
    );
    await eventually(async () => (await claimedFor(key)) > waitSeconds + 30);
    const again = await fetch(gateway.url + path, request);
    expect([again.status, gateway.submissions.length]).toEqual([409, 1]);
    gateway.submissions.length = 0;
    leaving.abort();
    await waiting;
    // Nobody waits any more, so whoever asks next may go on.
    await eventually(async () => (await claimedFor(key)) <= 0);
  });
});
