import { describe, expect, it } from '@jest/globals';
import { gatewayDatabase } from '../test/gateway-database.js';
import { AddressLimit } from './address-limit.js';

const database = gatewayDatabase();

describe('the limit of an address', () => {
  it('is exact when many ask at once, and says when to come back', async () => {
    const limits = new AddressLimit(database.pool);
    const started = performance.now();
    const states = await Promise.all(Array.from({ length: 60 }, () => limits.take('a', 20)));
    const admitted = states.filter(({ fits }) => fits).length;
    // One more grows every three seconds.
    const grown = Math.ceil((performance.now() - started) / 3_000);
    expect(admitted).toBeGreaterThanOrEqual(20);
    expect(admitted).toBeLessThanOrEqual(20 + grown);
    const refused = await limits.take('a', 20);
    expect(refused).toMatchObject({ fits: false, remaining: 0 });
    expect(refused.retrySeconds).toBeGreaterThanOrEqual(1);
    expect(refused.retrySeconds).toBeLessThanOrEqual(3);
    expect(await limits.take('b', 20)).toMatchObject({
      fits: true,
      remaining: 19,
      retrySeconds: null,
    });
  });
});
