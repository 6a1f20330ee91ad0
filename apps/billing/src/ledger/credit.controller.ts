import { Controller, Inject } from '@nestjs/common';
import { getBalance, grantCredits, type Balance } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import { CustomerReads } from '@safelight/postgres';
import type { z } from 'zod';
import { readBalance } from './balance.sql.js';
import { Ledger } from './ledger.writer.js';

/** Credits: give them, and tell how many there are. */
@Controller()
export class CreditController {
  constructor(
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(CustomerReads) private readonly reads: CustomerReads,
  ) {}

  @Answers(grantCredits)
  async grant(request: z.output<typeof grantCredits.request>): Promise<Balance> {
    return this.ledger.execute({ type: 'GrantCredits', ...request });
  }

  @Answers(getBalance)
  async balance({ accountId }: z.output<typeof getBalance.request>): Promise<Balance> {
    const balance = await readBalance(this.reads, accountId);
    if (!balance) throw new DomainError('account.unknown', { accountId });
    return balance;
  }
}
