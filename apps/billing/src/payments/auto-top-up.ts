import { newId, topUpPackage, type AutoTopUp, type PackageName } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { Standing } from './fold.js';
import { billOf, type Payments } from './payments.js';
import { ProviderRefused, type PaymentProvider } from './provider.js';
import {
  claim,
  readAvailable,
  readEnabled,
  readSetting,
  readUnpaid,
  release,
  storeSetting,
  type AutoTopUpRow,
} from './auto-top-up.sql.js';
import { readSavedMethod, readTopUps, type TopUp } from './top-up.sql.js';

/** Longer than the provider is waited for: then the process that asked it is gone. */
const SILENT_SECONDS = 40;

export interface AutoTopUpsParts {
  readonly pool: pg.Pool;
  readonly provider: PaymentProvider | null;
  readonly payments: Payments;
  readonly logger: Pick<Telemetry['logger'], 'warn'>;
}

export interface AutoTopUpWish {
  readonly accountId: string;
  readonly enabled: boolean;
  readonly package: PackageName;
  readonly thresholdMicros: bigint;
  readonly monthlyCapMicros: bigint;
}

/** Buys credits for accounts that asked for it, when few are left. */
export class AutoTopUps {
  /** By account: only these are looked at when a hold is placed. */
  private enabled: ReadonlyMap<string, AutoTopUpRow> = new Map();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly parts: AutoTopUpsParts) {}

  async read(accountId: string): Promise<AutoTopUp | null> {
    const row = await readSetting(this.parts.pool, accountId);
    return row === undefined ? null : settingOf(row);
  }

  /** @throws DomainError `payments.none`, `payments.no_method` */
  async set(wish: AutoTopUpWish): Promise<AutoTopUp> {
    const { pool, provider } = this.parts;
    if (wish.enabled) {
      if (provider === null) throw new DomainError('payments.none');
      const method = await readSavedMethod(pool, wish.accountId);
      if (method === undefined) throw new DomainError('payments.no_method');
    }
    const row = await storeSetting(pool, wish);
    await this.refresh();
    return settingOf(row);
  }

  /** Told of every hold; costs nothing for accounts that did not ask. Never rejects, never waits. */
  consider(accountId: string, availableMicros: bigint): void {
    const setting = this.enabled.get(accountId);
    if (setting === undefined || availableMicros >= setting.thresholdMicros) return;
    this.inBackground(this.buy(setting));
  }

  /** Looks at all of them: for what other processes held, and for what a crash left half done. */
  async sweep(): Promise<void> {
    const { pool, provider } = this.parts;
    if (provider === null) return;
    await this.refresh();
    const available = await readAvailable(pool, [...this.enabled.keys()]);
    for (const setting of this.enabled.values()) {
      const isLow = (available.get(setting.accountId) ?? 0n) < setting.thresholdMicros;
      if (isLow && setting.inFlight === null) await this.buy(setting);
    }
    for (const topUp of await readTopUps(pool, await readUnpaid(pool, SILENT_SECONDS))) {
      await this.charge(topUp);
    }
  }

  /** Told how top-ups stand: the account's place is free once one is no longer pending. */
  readonly onStanding = async (topUp: TopUp, { status, reason }: Standing): Promise<void> => {
    if (topUp.origin !== 'automatic' || status === 'pending') return;
    const { pool } = this.parts;
    if (status === 'paid') return release(pool, topUp.id, null);
    await release(pool, topUp.id, reason ?? `The payment was ${status}.`);
  };

  /** Resolves when everything that was begun has ended. */
  async drain(): Promise<void> {
    await Promise.all(this.running);
  }

  private async refresh(): Promise<void> {
    const rows = await readEnabled(this.parts.pool);
    this.enabled = new Map(rows.map((row) => [row.accountId, row]));
  }

  private async buy({ accountId, package: name }: AutoTopUpRow): Promise<void> {
    const { pool, provider } = this.parts;
    if (provider === null) return;
    const method = await readSavedMethod(pool, accountId);
    if (method === undefined) return;
    const { creditsMicros, amountCents } = topUpPackage(name);
    const order = {
      id: newId('top'),
      accountId,
      package: name,
      creditsMicros,
      amountCents,
      method,
    };
    const topUp = {
      ...order,
      ...({ origin: 'automatic', provider: provider.name, saveMethod: false } as const),
    };
    if (await claim(pool, topUp)) await this.charge(topUp);
  }

  /** Asking again is safe: the provider knows the top-up by its id. */
  private async charge(topUp: Omit<TopUp, 'createdAt'>): Promise<void> {
    const { provider, payments, logger } = this.parts;
    if (provider === null || topUp.method === null) return;
    try {
      const { paymentRef, fact } = await provider.charge(billOf(topUp), topUp.method);
      if (fact === null) return;
      await payments.hear({ id: `charged:${topUp.id}`, topUpId: topUp.id, paymentRef, fact });
    } catch (error) {
      if (error instanceof ProviderRefused) await this.giveUp(topUp.id, error.message);
      else logger.warn({ err: error, topUpId: topUp.id }, 'an automatic top-up is tried again');
    }
  }

  private async giveUp(topUpId: string, reason: string): Promise<void> {
    const about = { id: `charged:${topUpId}`, topUpId, paymentRef: null };
    await this.parts.payments.hear({ ...about, fact: { kind: 'failed', reason } });
  }

  private inBackground(work: Promise<void>): void {
    const ended = work
      .catch((error: unknown) => {
        this.parts.logger.warn({ err: error }, 'an automatic top-up is left to the sweep');
      })
      .finally(() => this.running.delete(ended));
    this.running.add(ended);
  }
}

const settingOf = (row: AutoTopUpRow): AutoTopUp => ({
  enabled: row.enabled,
  package: row.package,
  thresholdMicros: row.thresholdMicros,
  monthlyCapMicros: row.monthlyCapMicros,
  disabledReason: row.disabledReason,
  inFlight: row.inFlight,
});
