import type { Telemetry } from '@safelight/telemetry';
import type { Kysely } from 'kysely';
import { reconcile, type Reconciliation } from './reconciliation.sql.js';

const findings: Record<keyof Reconciliation, { metric: string; description: string }> = {
  driftMicros: {
    metric: 'billing_ledger_drift_micros',
    description: 'Sum of all entries in micro-credits; anything but 0 pages.',
  },
  overdueHolds: {
    metric: 'billing_holds_overdue',
    description: 'Holds unresolved five minutes past their time; anything but 0 pages.',
  },
  overdueGrants: {
    metric: 'billing_grants_overdue',
    description: 'Grants not taken back five minutes past their time; anything but 0 pages.',
  },
  brokenAccounts: {
    metric: 'billing_accounts_broken',
    description: 'Accounts whose balances are not the sums of their transactions.',
  },
  brokenTransactions: {
    metric: 'billing_transactions_broken',
    description: 'Transactions that do not sum to zero.',
  },
  orphans: {
    metric: 'billing_settlements_orphaned',
    description: 'Settlements, refunds and reversals that do not match what they concern.',
  },
  overdone: {
    metric: 'billing_refunds_exceeding',
    description: 'Charges, top-ups and grants of which more went back than there was.',
  },
};

const names = Object.keys(findings) as (keyof Reconciliation)[];

/** Checks the ledger against itself and shows the findings, and their age, as metrics. */
export class Reconciler {
  private latest: Reconciliation | undefined;
  private reconciledAtMs = 0;

  constructor(
    private readonly db: Kysely<unknown>,
    private readonly telemetry: Pick<Telemetry, 'meter' | 'logger'>,
  ) {
    for (const name of names) {
      const { metric, description } = findings[name];
      telemetry.meter.createObservableGauge(metric, { description }).addCallback((result) => {
        // A metric is a float; what matters is that zero stays zero.
        if (this.latest) result.observe(Number(this.latest[name]));
      });
    }
    telemetry.meter
      .createObservableGauge('billing_reconciled_timestamp_seconds', {
        description: 'When the findings were made; silence pages too.',
      })
      .addCallback((result) => result.observe(this.reconciledAtMs / 1_000));
  }

  /** @returns the findings, all zero in a sound ledger; anything else is logged as an error */
  async run(): Promise<Reconciliation> {
    const found = await reconcile(this.db);
    this.latest = found;
    this.reconciledAtMs = Date.now();
    const faults = names.filter((name) => BigInt(found[name]) !== 0n);
    if (faults.length > 0) {
      const values = Object.fromEntries(faults.map((name) => [name, found[name].toString()]));
      this.telemetry.logger.error(values, 'the ledger does not reconcile');
    }
    return found;
  }
}
