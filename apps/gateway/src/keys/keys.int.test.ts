import { testSeal } from '../test/knocks.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { dataSourceOver } from '@safelight/postgres';
import type { DataSource } from 'typeorm';
import { AccountRow } from '../accounts/account.entity.js';
import { Admission } from '../admission/admission.js';
import type { Caller } from '../admission/scope.js';
import { scopes } from '../admission/scope.js';
import { accountWith, gatewayDatabase } from '../test/gateway-database.js';
import { ApiKeyRow } from './api-key.entity.js';
import { AuditRow } from './audit.entity.js';
import { Keys, type NewKey } from './keys.js';

const database = gatewayDatabase();
let source: DataSource;
let keys: Keys;
beforeAll(async () => {
  source = await dataSourceOver(database.pool, { entities: [AccountRow, ApiKeyRow, AuditRow] });
  keys = new Keys(source);
});
afterAll(() => source.destroy());

async function customer(): Promise<Caller> {
  const { accountId, keyId } = await accountWith(database);
  const share = { weight: 1, runningMax: null };
  return { accountId, keyId, spendsAs: keyId, scopes, kind: 'live', plan: 'standard', share };
}
const wanted: NewKey = { name: 'ci', kind: 'live', scopes: ['jobs:write'], expiresAt: null };
const opens = async (apiKey: string): Promise<boolean> => {
  const rest = { scope: 'jobs:write', budget: 'call', jobId: null, idempotency: null } as const;
  const entering = new Admission(database.pool, testSeal, async () => false).admit(
    { apiKey, ...rest },
    () => undefined,
  );
  return entering.then(
    () => true,
    () => false,
  );
};
const codes = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.flatMap((one) =>
    one.status === 'rejected' ? (one.reason as { code: string }).code : [],
  );

describe('the keys of an account', () => {
  it('open the door from the moment they are made until they are revoked', async () => {
    const caller = await customer();
    const { row, apiKey } = await keys.make(caller, { ...wanted, kind: 'test' });
    expect(apiKey).toMatch(/^sl_test_/);
    expect(row.hint).toBe(`${apiKey.slice(0, 12)}…${apiKey.slice(-4)}`);
    expect(await opens(apiKey)).toBe(true);
    await keys.revoke(caller, row.id);
    expect(await opens(apiKey)).toBe(false);
    const { revokedAt } = await keys.revoke(caller, row.id);
    const { row: read, history } = await keys.get(caller, row.id);
    expect(read.revokedAt).toEqual(revokedAt);
    expect(history.map(({ action, actorKeyId }) => [action, actorKeyId])).toEqual([
      ['key.made', caller.keyId],
      ['key.revoked', caller.keyId],
    ]);
  });

  it('are five at most, however many ask at once', async () => {
    const caller = await customer();
    const asked = await Promise.allSettled(
      Array.from({ length: 12 }, () => keys.make(caller, wanted)),
    );
    expect(codes(asked)).toEqual(Array.from({ length: 8 }, () => 'CONFLICT'));
    const [{ id }] = (await keys.list(caller)) as [ApiKeyRow];
    await keys.revoke(caller, id);
    await keys.make(caller, wanted);
    await expect(keys.make(caller, wanted)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('rotate with an overlap, also when all places are taken', async () => {
    const caller = await customer();
    const made = [];
    for (let n = 0; n < 4; n += 1) made.push(await keys.make(caller, wanted));
    const old = made[0]!;
    const fresh = await keys.rotate(caller, old.row.id, 3600);
    expect([await opens(old.apiKey), await opens(fresh.apiKey)]).toEqual([true, true]);
    const { row } = await keys.get(caller, old.row.id);
    const left = row.expiresAt!.getTime() - Date.now();
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThan(3_610_000);
    // While the old one lives there is no place for a second overlap.
    await expect(keys.rotate(caller, fresh.row.id, 0)).rejects.toMatchObject({ code: 'CONFLICT' });
    await keys.revoke(caller, old.row.id);
    const next = await keys.rotate(caller, fresh.row.id, 0);
    expect([await opens(fresh.apiKey), await opens(next.apiKey)]).toEqual([false, true]);
    await expect(keys.rotate(caller, fresh.row.id, 0)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never allow more than the key that made them', async () => {
    const caller = { ...(await customer()), scopes: ['keys:write', 'jobs:read'] };
    await expect(keys.make(caller, wanted)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const { row } = await keys.make({ ...caller, scopes }, wanted);
    await expect(keys.rotate(caller, row.id, 0)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await keys.get(caller, row.id)).row.expiresAt).toBeNull();
  });

  it('of the test kind make no live ones', async () => {
    const caller = await customer();
    const test = { ...caller, kind: 'test' } as const;
    await expect(keys.make(test, wanted)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const { row } = await keys.make(caller, wanted);
    await expect(keys.rotate(test, row.id, 0)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await keys.make(test, { ...wanted, kind: 'test' })).row.kind).toBe('test');
  });

  it('spend from the budget of the key that made them, unless that may set budgets', async () => {
    const caller = { ...(await customer()), scopes: ['keys:write', 'jobs:write'] };
    const { row } = await keys.make(caller, wanted);
    expect(await keys.spendsAs(caller, row.id)).toBe(caller.keyId);
    const free = { ...caller, scopes: [...caller.scopes, 'account:write'] };
    const other = await keys.make(free, wanted);
    expect(await keys.spendsAs(caller, other.row.id)).toBe(other.row.id);
  });

  it('are nobody else’s: another account finds nothing, as if they had never been', async () => {
    const [owner, stranger] = [await customer(), await customer()];
    const { row } = await keys.make(owner, wanted);
    const attempts = await Promise.allSettled(
      [row.id, newId('key')].flatMap((id) => [
        keys.get(stranger, id),
        keys.revoke(stranger, id),
        keys.rotate(stranger, id, 0),
      ]),
    );
    expect(codes(attempts)).toEqual(Array.from({ length: 6 }, () => 'NOT_FOUND'));
    expect((await keys.list(stranger)).map(({ id }) => id)).toEqual([stranger.keyId]);
  });
});

describe('row-level security', () => {
  it('shows the gateway no key, no trace and no answer unless it says for whom it acts', async () => {
    const caller = await customer();
    await keys.make(caller, wanted);
    const tables = ['api_keys', 'audit', 'idempotency_keys'];
    for (const table of tables) {
      const { rows } = await database.pool.query(`SELECT * FROM gateway.${table}`);
      expect(rows).toEqual([]);
    }
    const { rows } = await database.admin.query('SELECT * FROM gateway.api_keys');
    expect(rows.length).toBeGreaterThan(1);
  });

  it('lets nobody change the trace, nor write the limits past the one statement', async () => {
    const denied = { code: '42501' };
    for (const statement of [
      `UPDATE gateway.audit SET action = 'x'`,
      'DELETE FROM gateway.audit',
      'DELETE FROM gateway.rate_limits',
      `INSERT INTO gateway.idempotency_keys (account_id) VALUES ('x')`,
    ]) {
      await expect(database.pool.query(statement)).rejects.toMatchObject(denied);
    }
  });
});
