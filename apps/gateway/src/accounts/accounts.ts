import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { DataSource } from 'typeorm';
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

  private async requirePlan(plan: string): Promise<void> {
    const rows = await this.source.query<{ name: string }[]>(
      'SELECT name FROM gateway.plans ORDER BY name',
    );
    const plans = rows.map(({ name }) => name);
    if (!plans.includes(plan)) throw new DomainError('plan.unknown', { plan, plans });
  }
}
