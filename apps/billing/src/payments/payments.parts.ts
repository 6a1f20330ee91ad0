import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { Ledger } from '../ledger/ledger.writer.js';
import { AutoTopUps } from './auto-top-up.js';
import { Payments } from './payments.js';
import type { PaymentProvider } from './provider.js';
import { Purchases } from './purchases.js';
import { Settling } from './settling.js';

export interface PaymentParts {
  readonly payments: Payments;
  readonly autoTopUps: AutoTopUps;
  readonly settling: Settling;
}

/** Everything about payments, joined. */
export function paymentParts(
  pool: pg.Pool,
  ledger: Ledger,
  provider: PaymentProvider | null,
  telemetry: Telemetry,
): PaymentParts {
  const { logger } = telemetry;
  const settling = new Settling({
    pool,
    purchases: new Purchases(ledger),
    telemetry,
    onStanding: (topUp, standing) => autoTopUps.onStanding(topUp, standing),
  });
  const payments = new Payments({ pool, provider, settling });
  const autoTopUps: AutoTopUps = new AutoTopUps({ pool, provider, payments, logger });
  return { payments, autoTopUps, settling };
}
