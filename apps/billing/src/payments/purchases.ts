import type { Ledger } from '../ledger/ledger.writer.js';
import { topUpIdOf, transactionId } from '../ledger/transaction.js';
import type { TopUp } from './top-up.sql.js';

/** The part of a top-up that was credited under its own permanent id. */
export interface Credited {
  readonly paymentId: string;
  readonly amountMicros: bigint;
}

/** Why credits go back, in the ledger's words. */
export type BackReason = 'chargeback' | 'refunded_payment';

const CURRENCY = 'USD';

/** What the ledger does for purchases. Every id is permanent: asking twice does it once. */
export class Purchases {
  constructor(private readonly ledger: Pick<Ledger, 'execute'>) {}

  /** Credits that were paid for. */
  async credit(topUp: TopUp, { paymentId, amountMicros }: Credited): Promise<void> {
    const { provider, accountId } = topUp;
    const minorUnits = Number((BigInt(topUp.amountCents) * amountMicros) / topUp.creditsMicros);
    const paid = { currency: CURRENCY, minorUnits };
    const command = {
      type: 'TopUpCredits',
      provider,
      paymentId,
      accountId,
      amountMicros,
      paid,
    } as const;
    await this.ledger.execute(command);
  }

  /**
   * Takes a part of what was credited back, as far as the account still has it: what is short of it
   * stands in the ledger as a loss.
   * @returns what was taken, in micro-credits
   */
  async takeBack(
    { provider }: TopUp,
    reversalId: string,
    { paymentId, amountMicros }: Credited,
    reason: BackReason,
  ): Promise<bigint> {
    const id = transactionId.topUp(topUpIdOf(provider, paymentId));
    const { shortfallMicros } = await this.ledger.execute({
      ...{ type: 'ReverseTransaction', reversalId, amountMicros, reason },
      transactionId: id,
    });
    return amountMicros - shortfallMicros;
  }
}
