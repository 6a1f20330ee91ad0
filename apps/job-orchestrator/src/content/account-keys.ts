import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { seal, unseal } from '@safelight/object-store';
import { GroupCommit } from '@safelight/postgres';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { OrchestratorTables } from '../tables.js';

const KEY_BYTES = 32;
/** Version of the master key that new keys are wrapped with. */
const MASTER_VERSION = 1;

/**
 * One key per account, made when first needed, stored only wrapped. Whoever deletes the row erases
 * every word of that account: a key in memory lives until it is pushed out or the process ends.
 */
export class AccountKeys {
  private readonly known = new Map<string, KeyObject>();
  private readonly fetching: GroupCommit<string, KeyObject>;

  constructor(
    private readonly db: Kysely<OrchestratorTables>,
    private readonly master: KeyObject,
    private readonly cacheSize = 10_000,
  ) {
    this.fetching = new GroupCommit({ run: (accountIds) => this.fetch(accountIds) });
  }

  async keyOf(accountId: string): Promise<KeyObject> {
    const key = this.known.get(accountId) ?? (await this.fetching.submit(accountId));
    // Deleting and setting again keeps the most recently used at the end.
    this.known.delete(accountId);
    this.known.set(accountId, key);
    const [oldest] = this.known.keys();
    if (this.known.size > this.cacheSize && oldest !== undefined) this.known.delete(oldest);
    return key;
  }

  private async fetch(accountIds: readonly string[]): Promise<KeyObject[]> {
    const wanted = [...new Set(accountIds)];
    const keys = await this.read(wanted);
    const missing = wanted.filter((accountId) => !keys.has(accountId));
    if (missing.length > 0) {
      await this.create(missing);
      // Another instance may have been faster: what the table says is the key.
      for (const [accountId, key] of await this.read(missing)) keys.set(accountId, key);
    }
    return accountIds.map((accountId) => {
      const key = keys.get(accountId);
      if (key === undefined) throw new Error(`account ${accountId} has no content key`);
      return key;
    });
  }

  private async read(accountIds: readonly string[]): Promise<Map<string, KeyObject>> {
    const rows = await this.db
      .selectFrom('account_keys')
      .select(['account_id', 'wrapped_key', 'nonce'])
      .where('account_id', '=', sql<string>`any(${accountIds})`)
      .execute();
    return new Map(
      rows.map(({ account_id, wrapped_key, nonce }) => {
        const bytes = unseal(this.master, { ciphertext: wrapped_key, nonce }, account_id);
        return [account_id, createSecretKey(bytes)];
      }),
    );
  }

  private async create(accountIds: readonly string[]): Promise<void> {
    const rows = accountIds.map((accountId) => {
      const wrapped = seal(this.master, randomBytes(KEY_BYTES), accountId);
      return {
        account_id: accountId,
        wrapped_key: wrapped.ciphertext,
        nonce: wrapped.nonce,
        master_version: MASTER_VERSION,
      };
    });
    await this.db
      .insertInto('account_keys')
      .values(rows)
      .onConflict((conflict) => conflict.column('account_id').doNothing())
      .execute();
  }
}
