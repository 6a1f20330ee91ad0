import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { DataSource, EntityManager } from 'typeorm';
import { scopes } from '../admission/scope.js';
import { ApiKeyRow } from '../keys/api-key.entity.js';
import { digestOf, hintOf, newApiKey } from '../keys/api-key.js';
import { AccountRow } from './account.entity.js';
import { forAccount } from './account-scope.js';

export interface OpenedAccount {
  readonly accountId: string;
  readonly keyId: string;
  /** Shown once; only its digest is kept. */
  readonly apiKey: string;
}

export interface AccountRecord {
  readonly name: string;
  readonly plan: string;
  readonly key_per_minute: number;
  readonly account_per_minute: number;
  readonly open_jobs_max: number | null;
  readonly running_jobs_max: number | null;
  readonly weight: number;
}

/** What moderation says of an account. */
export interface AccountStanding {
  readonly suspended: boolean;
  readonly suspensionId: string;
  /** Only a later one counts. */
  readonly version: number;
}

/** The gateway's plain records of customers. */
export class Accounts {
  constructor(private readonly source: DataSource) {}

  /** What the account is called and what its plan allows. */
  async describe(accountId: string): Promise<AccountRecord> {
    const [row] = await this.source.query<AccountRecord[]>(
      `SELECT a.name, p.name AS plan, p.key_per_minute, p.account_per_minute, p.open_jobs_max,
         p.running_jobs_max, p.weight
       FROM gateway.accounts a JOIN gateway.plans p ON p.name = a.plan WHERE a.id = $1`,
      [accountId],
    );
    if (row === undefined) throw new Error('an admitted account is not there');
    return row;
  }

  /**
   * Opens the account unless it is open already, and makes it a new key with every scope.
   *
   * @throws DomainError `plan.unknown {plan, plans}`
   */
  async open(accountId: string, name: string, plan: string): Promise<OpenedAccount> {
    await this.requirePlan(plan);
    const apiKey = newApiKey('live');
    const keyId = newId('key');
    await forAccount(this.source, accountId, async (manager) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(AccountRow)
        .values({ id: accountId, name, status: 'active', plan })
        .orIgnore()
        .execute();
      await manager.insert(ApiKeyRow, {
        id: keyId,
        accountId,
        digest: digestOf(apiKey),
        scopes: [...scopes],
        name: 'first key',
        hint: hintOf(apiKey),
        expiresAt: null,
        revokedAt: null,
        spendsAs: null,
      });
    });
    return { accountId, keyId, apiKey };
  }

  /**
   * Suspends the account or takes it back, and writes down why. A change that is older than the last
   * one does nothing.
   *
   * @returns whether there is such an account
   */
  setStanding(accountId: string, standing: AccountStanding): Promise<boolean> {
    const { suspended, suspensionId, version } = standing;
    const status = suspended ? 'suspended' : 'active';
    return forAccount(this.source, accountId, async (manager) => {
      const [changed] = await manager.query<[unknown[], number]>(
        `UPDATE gateway.accounts SET status = $2, standing_version = $3
         WHERE id = $1 AND standing_version < $3 RETURNING id`,
        [accountId, status, version],
      );
      if (changed.length === 0) return this.isThere(manager, accountId);
      await manager.query(
        `INSERT INTO gateway.audit (account_id, action, subject_id, details)
         VALUES ($1, $2, $1, $3)`,
        [accountId, `account.${status}`, JSON.stringify({ suspension_id: suspensionId })],
      );
      return true;
    });
  }

  /** For links, which name an account and bring no key. */
  async isSuspended(accountId: string): Promise<boolean> {
    const text = `SELECT 1 FROM gateway.accounts WHERE id = $1 AND status = 'suspended'`;
    return (await this.source.query<unknown[]>(text, [accountId])).length > 0;
  }

  private async isThere(manager: EntityManager, accountId: string): Promise<boolean> {
    const text = 'SELECT 1 FROM gateway.accounts WHERE id = $1';
    return (await manager.query<unknown[]>(text, [accountId])).length > 0;
  }

  private async requirePlan(plan: string): Promise<void> {
    const rows = await this.source.query<{ name: string }[]>(
      'SELECT name FROM gateway.plans ORDER BY name',
    );
    const plans = rows.map(({ name }) => name);
    if (!plans.includes(plan)) throw new DomainError('plan.unknown', { plan, plans });
  }
}
