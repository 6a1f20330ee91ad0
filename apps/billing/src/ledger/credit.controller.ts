import { Controller, Inject } from '@nestjs/common';
import {
  adjustBalance,
  getBalance,
  grantCredits,
  refundCharge,
  reverseCredits,
  topUpCredits,
  type Balance,
  type ChargeRefund,
  type ComposedBalance,
  type LedgerReversal,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import { CustomerReads } from '@safelight/postgres';
import type { z } from 'zod';
import { readBalance } from './balance.sql.js';
import { Ledger } from './ledger.writer.js';
import { topUpIdOf, transactionId } from './transaction.js';

/** Credits: give, sell, give back and take back, and tell how many there are. */
@Controller()
export class CreditController {
  constructor(
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(CustomerReads) private readonly reads: CustomerReads,
  ) {}

  @Answers(grantCredits)
  async grant({ expiresAt, ...request }: z.output<typeof grantCredits.request>): Promise<Balance> {
    const expiresAtMs = expiresAt === null ? null : Date.parse(expiresAt);
    return this.ledger.execute({ type: 'GrantCredits', ...request, expiresAtMs });
  }

  @Answers(topUpCredits)
  async topUp(request: z.output<typeof topUpCredits.request>): Promise<Balance> {
    return this.ledger.execute({ type: 'TopUpCredits', ...request });
  }

  @Answers(refundCharge)
  async refund(request: z.output<typeof refundCharge.request>): Promise<ChargeRefund> {
    return this.ledger.execute({ type: 'RefundCharge', ...request });
  }

  @Answers(reverseCredits)
  async reverse({
    what,
    ...request
  }: z.output<typeof reverseCredits.request>): Promise<LedgerReversal> {
    const undoneId =
      what.kind === 'grant'
        ? transactionId.grant(what.grantId)
        : transactionId.topUp(topUpIdOf(what.provider, what.paymentId));
    return this.ledger.execute({
      type: 'ReverseTransaction',
      ...request,
      transactionId: undoneId,
    });
  }

  @Answers(adjustBalance)
  async adjust(
    request: z.output<typeof adjustBalance.request>,
  ): Promise<z.input<typeof adjustBalance.reply>> {
    return this.ledger.execute({ type: 'AdjustBalance', ...request });
  }

  @Answers(getBalance)
  async balance({ accountId }: z.output<typeof getBalance.request>): Promise<ComposedBalance> {
    const balance = await readBalance(this.reads, accountId);
    if (!balance) throw new DomainError('account.unknown', { accountId });
    return balance;
  }
}
