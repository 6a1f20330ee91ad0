import type { Ledger } from '../ledger/ledger.writer.js';
import type { CreditWish, Purchases } from './purchases.js';

/** Purchases on the ledger. */
export class LedgerPurchases implements Purchases {
  constructor(private readonly ledger: Pick<Ledger, 'execute'>) {}

  async credit({ id, accountId, amountMicros, reason }: CreditWish): Promise<void> {
    const grantId = `topup-${id}`;
    await this.ledger.execute({ type: 'GrantCredits', grantId, accountId, amountMicros, reason });
  }

  takeBack(): Promise<bigint> {
    return Promise.reject(new Error('the ledger cannot take credits back yet'));
  }
}
