import { Module, type DynamicModule } from '@nestjs/common';
import { kyselyOn } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import { ExpirySweep } from './holds/expiry-sweep.js';
import { HoldController } from './holds/hold.controller.js';
import { CreditController } from './ledger/credit.controller.js';
import { GrantExpirySweep } from './ledger/grant-expiry-sweep.js';
import { HistoryController } from './ledger/history.controller.js';
import { Ledger } from './ledger/ledger.writer.js';
import { Reconciler } from './ledger/reconciler.js';
import { PriceController } from './pricing/price.controller.js';
import { POOL } from './pool.token.js';

/** What the service is made of, over one pool. */
@Module({ controllers: [HoldController, CreditController, HistoryController, PriceController] })
export class BillingModule {
  static over(pool: pg.Pool, telemetry: Telemetry): DynamicModule {
    const ledger = new Ledger({ pool, onFault: faultCounter(telemetry) });
    const db = kyselyOn<unknown>(pool);
    return {
      module: BillingModule,
      providers: [
        { provide: Ledger, useValue: ledger },
        { provide: POOL, useValue: pool },
        { provide: ExpirySweep, useValue: new ExpirySweep(ledger, db) },
        { provide: GrantExpirySweep, useValue: new GrantExpirySweep(ledger, db) },
        { provide: Reconciler, useValue: new Reconciler(db, telemetry) },
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
