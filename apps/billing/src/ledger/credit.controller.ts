import { Controller, Inject } from '@nestjs/common';
import { getBalance, grantCredits, type Balance } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import type pg from 'pg';
import type { z } from 'zod';
import { POOL } from '../pool.token.js';
import { readBalance } from './balance.sql.js';
import { Ledger } from './ledger.writer.js';

/** Credits: give them, and tell how many there are. */
@Controller()
export class CreditController {
  constructor(
    @Inject(Ledger) private readonly ledger: Ledger,
    @Inject(POOL) private readonly pool: pg.Pool,
  ) {}

  @Answers(grantCredits)
  async grant(request: z.output<typeof grantCredits.request>): Promise<Balance> {
    return this.ledger.execute({ type: 'GrantCredits', ...request });
  }

  @Answers(getBalance)
  async balance({ accountId }: z.output<typeof getBalance.request>): Promise<Balance> {
    const balance = await readBalance(this.pool, accountId);
    if (!balance) throw new DomainError('account.unknown', { accountId });
    return balance;
  }
}
