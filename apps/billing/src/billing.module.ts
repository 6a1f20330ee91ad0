import { Module, type DynamicModule } from '@nestjs/common';
import { CustomerReads, kyselyOn } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import { BudgetController } from './budgets/budget.controller.js';
import { ExpirySweep } from './holds/expiry-sweep.js';
import { HoldController } from './holds/hold.controller.js';
import { CreditController } from './ledger/credit.controller.js';
import { GrantExpirySweep } from './ledger/grant-expiry-sweep.js';
import { HistoryController } from './ledger/history.controller.js';
import { Ledger } from './ledger/ledger.writer.js';
import { Reconciler } from './ledger/reconciler.js';
import { ChargeController } from './charges/charge.controller.js';
import { PriceBooks } from './pricing/price-books.js';
import { readBooks } from './pricing/price-books.sql.js';
import { Heads } from './proofs/heads.js';
import type { LedgerKey } from './proofs/ledger-key.js';
import { ProofsController } from './proofs/proofs.controller.js';
import { SealWatch } from './proofs/seal-watch.js';
import { Sealer } from './proofs/sealer.js';
import { AutoTopUps } from './payments/auto-top-up.js';
import { AutoTopUpController } from './payments/auto-top-up.controller.js';
import { Payments } from './payments/payments.js';
import { PaymentsController } from './payments/payments.controller.js';
import { paymentParts } from './payments/payments.parts.js';
import type { PaymentProvider } from './payments/provider.js';
import { Settling } from './payments/settling.js';
import { PriceController } from './pricing/price.controller.js';
import { StatementController } from './statements/statement.controller.js';
import { schema } from './migrations/index.js';
import { POOL } from './pool.token.js';

export interface BillingParts {
  /** What heads of the ledger are signed with. */
  readonly key: LedgerKey;
  /** `null` where nothing is for sale. */
  readonly provider: PaymentProvider | null;
}

/** What the service is made of, over one pool. */
@Module({
  controllers: [
    HoldController,
    CreditController,
    HistoryController,
    PriceController,
    ChargeController,
    ProofsController,
    PaymentsController,
    AutoTopUpController,
    StatementController,
    BudgetController,
  ],
})
export class BillingModule {
  static over(pool: pg.Pool, telemetry: Telemetry, { key, provider }: BillingParts): DynamicModule {
    const ledger = new Ledger({ pool, onFault: faultCounter(telemetry) });
    const db = kyselyOn<unknown>(pool);
    const bought = paymentParts(pool, ledger, provider, telemetry);
    return {
      module: BillingModule,
      providers: [
        { provide: Ledger, useValue: ledger },
        { provide: POOL, useValue: pool },
        { provide: CustomerReads, useValue: new CustomerReads(pool, schema) },
        { provide: PriceBooks, useValue: new PriceBooks(() => readBooks(pool)) },
        { provide: ExpirySweep, useValue: new ExpirySweep(ledger, db) },
        { provide: Heads, useValue: new Heads(pool, new Sealer(pool), key) },
        { provide: SealWatch, useValue: new SealWatch(pool, telemetry) },
        { provide: GrantExpirySweep, useValue: new GrantExpirySweep(ledger, db) },
        { provide: Reconciler, useValue: new Reconciler(db, telemetry) },
        { provide: Payments, useValue: bought.payments },
        { provide: AutoTopUps, useValue: bought.autoTopUps },
        { provide: Settling, useValue: bought.settling },
      ],
    };
  }
}

function faultCounter({ meter }: Telemetry): (fault: string) => void {
  const counter = meter.createCounter('billing_batch_faults', {
    description: 'Batches that were not stored at the first try, by reason.',
  });
  return (fault) => counter.add(1, { fault });
}
