import { Controller, Inject } from '@nestjs/common';
import { setAccountStanding } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { Accounts } from './accounts.js';

/** What moderation says of accounts: from then on keys and links are refused, or taken again. */
@Controller()
export class StandingController {
  constructor(@Inject(Accounts) private readonly accounts: Accounts) {}

  @Answers(setAccountStanding)
  async set({ accountId, ...standing }: z.output<typeof setAccountStanding.request>) {
    return { known: await this.accounts.setStanding(accountId, standing) };
  }
}
