import { newId } from '@safelight/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { AccountRow } from '../accounts/account.entity.js';
import { forAccount } from '../accounts/account-scope.js';
import type { Caller } from '../admission/scope.js';
import { notFound } from '../http/refusals.js';
import { ApiKeyRow } from './api-key.entity.js';
import { digestOf, hintOf, newApiKey } from './api-key.js';
import { AuditRow } from './audit.entity.js';
import { exceedsOwnKind, exceedsOwnScopes, tooManyKeys } from './key.refusals.js';

const MOST_ACTIVE_KEYS = 5;

/** What a key is to be. */
export interface NewKey {
  readonly name: string;
  readonly kind: 'live' | 'test';
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
}

/** A key as it is told once, when it is made. */
export interface MadeKey {
  readonly row: ApiKeyRow;
  readonly apiKey: string;
}

/** Why a key is made, for its trace, and which one it takes the place and the budget of. */
interface MakingOf {
  readonly action: string;
  readonly details: Record<string, unknown>;
  readonly replaces?: string;
  readonly spendsAs?: string;
}

/** The keys of an account: made, listed, rotated, revoked, each with its trace. */
export class Keys {
  constructor(private readonly source: DataSource) {}

  /** @throws Problem when five keys are active, or the caller's own key may less than the new one */
  make(caller: Caller, wanted: NewKey): Promise<MadeKey> {
    return forAccount(this.source, caller.accountId, (manager) =>
      this.add(manager, caller, wanted, {
        ...{ action: 'key.made', details: {} },
        // Who may not set budgets does not get out of its own by making another key.
        ...(!caller.scopes.includes('account:write') && { spendsAs: caller.spendsAs }),
      }),
    );
  }

  list({ accountId }: Caller): Promise<ApiKeyRow[]> {
    return forAccount(this.source, accountId, (manager) =>
      manager.find(ApiKeyRow, { where: { accountId }, order: { createdAt: 'DESC', id: 'DESC' } }),
    );
  }

  /** @throws Problem NOT_FOUND */
  get({ accountId }: Caller, id: string): Promise<{ row: ApiKeyRow; history: AuditRow[] }> {
    return forAccount(this.source, accountId, async (manager) => ({
      row: await this.find(manager, accountId, id),
      history: await manager.find(AuditRow, {
        where: { accountId, subjectId: id },
        order: { position: 'ASC' },
      }),
    }));
  }

  /** The key whose budget this one spends from. @throws Problem NOT_FOUND */
  async spendsAs({ accountId }: Caller, id: string): Promise<string> {
    const row = await forAccount(this.source, accountId, (manager) =>
      this.find(manager, accountId, id),
    );
    return row.spendsAs ?? row.id;
  }

  /**
   * A new key in place of an old one, which goes on working for `overlapSeconds`.
   *
   * @throws Problem NOT_FOUND, also for a key that is not active any more
   */
  rotate(caller: Caller, id: string, overlapSeconds: number): Promise<MadeKey> {
    const { accountId } = caller;
    return forAccount(this.source, accountId, async (manager) => {
      await lockAccount(manager, accountId);
      const old = await this.find(manager, accountId, id);
      if (!(await isActive(manager, id))) throw notFound();
      await manager.query(
        `UPDATE gateway.api_keys
         SET expires_at = least(expires_at, now() + $2 * interval '1 second') WHERE id = $1`,
        [id, overlapSeconds],
      );
      const { name, kind, scopes, expiresAt } = old;
      const wanted = { name, kind, scopes, expiresAt };
      const details = { replaces: id, overlapSeconds };
      await trace(manager, caller, 'key.rotated', id, { overlapSeconds });
      const made = { action: 'key.made', details, replaces: id, spendsAs: old.spendsAs ?? id };
      return this.add(manager, caller, wanted, made);
    });
  }

  /** From now on the key is refused. Revoking it again changes nothing. @throws Problem NOT_FOUND */
  revoke(caller: Caller, id: string): Promise<ApiKeyRow> {
    const { accountId } = caller;
    return forAccount(this.source, accountId, async (manager) => {
      await lockAccount(manager, accountId);
      const row = await this.find(manager, accountId, id);
      if (row.revokedAt !== null) return row;
      await manager.query('UPDATE gateway.api_keys SET revoked_at = now() WHERE id = $1', [id]);
      await trace(manager, caller, 'key.revoked', id, {});
      return this.find(manager, accountId, id);
    });
  }

  private async add(
    manager: EntityManager,
    caller: Caller,
    wanted: NewKey,
    made: MakingOf,
  ): Promise<MadeKey> {
    const { accountId } = caller;
    const missing = wanted.scopes.filter((scope) => !caller.scopes.includes(scope));
    if (missing.length > 0) throw exceedsOwnScopes(missing);
    if (caller.kind === 'test' && wanted.kind === 'live') throw exceedsOwnKind();
    await lockAccount(manager, accountId);
    if ((await activeKeys(manager, accountId, made.replaces)) >= MOST_ACTIVE_KEYS) {
      throw tooManyKeys(MOST_ACTIVE_KEYS);
    }
    const id = newId('key');
    const apiKey = newApiKey(wanted.kind);
    const row = { id, accountId, ...wanted, scopes: [...wanted.scopes], hint: hintOf(apiKey) };
    const spendsAs = made.spendsAs ?? null;
    await manager.insert(ApiKeyRow, {
      ...{ ...row, spendsAs, digest: digestOf(apiKey), revokedAt: null },
    });
    await trace(manager, caller, made.action, id, { ...made.details, scopes: wanted.scopes });
    return { row: await this.find(manager, accountId, id), apiKey };
  }

  private async find(manager: EntityManager, accountId: string, id: string): Promise<ApiKeyRow> {
    const row = await manager.findOne(ApiKeyRow, { where: { accountId, id } });
    if (row === null) throw notFound();
    return row;
  }
}

/** Changes of one account's keys take turns, so that racing cannot pass the limit. */
const lockAccount = (manager: EntityManager, accountId: string) =>
  manager.findOneOrFail(AccountRow, {
    where: { id: accountId },
    lock: { mode: 'pessimistic_write' },
  });

/** By the database's clock, as at admission. */
const ACTIVE = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

/** A key that is about to be replaced does not count: rotation works with all places taken. */
async function activeKeys(
  manager: EntityManager,
  accountId: string,
  replaced: string | undefined,
): Promise<number> {
  const [row] = await manager.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM gateway.api_keys
     WHERE account_id = $1 AND id <> $2 AND ${ACTIVE}`,
    [accountId, replaced ?? ''],
  );
  return row?.n ?? 0;
}

async function isActive(manager: EntityManager, id: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `SELECT FROM gateway.api_keys WHERE id = $1 AND ${ACTIVE}`,
    [id],
  );
  return rows.length > 0;
}

async function trace(
  manager: EntityManager,
  { accountId, keyId }: Caller,
  action: string,
  subjectId: string,
  details: Record<string, unknown>,
): Promise<void> {
  await manager.query(
    `INSERT INTO gateway.audit (account_id, actor_key_id, action, subject_id, details)
     VALUES ($1, $2, $3, $4, $5)`,
    [accountId, keyId, action, subjectId, JSON.stringify(details)],
  );
}
