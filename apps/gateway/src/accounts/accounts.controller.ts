import { Controller, Get, Inject } from '@nestjs/common';
import { formatCredits, getBalance, grantCredits, openAccount } from '@safelight/contracts';
import { Answers, RequestClient } from '@safelight/messaging';
import type { z } from 'zod';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { Accounts } from './accounts.js';

@Controller('api/v1/account')
export class AccountsController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(RequestClient) private readonly services: RequestClient,
  ) {}

  @Get()
  @Needs('account:read')
  async account(@TheCaller() caller: Caller) {
    const balance = await this.services.request(getBalance, { accountId: caller.accountId });
    return {
      data: {
        id: caller.accountId,
        credits: {
          available: formatCredits(balance.availableMicros),
          held: formatCredits(balance.heldMicros),
        },
      },
      meta: {},
    };
  }

  @Answers(openAccount)
  async open(
    request: z.output<typeof openAccount.request>,
  ): Promise<z.input<typeof openAccount.reply>> {
    const opened = await this.accounts.open(request.accountId, request.name, request.plan);
    // Permanent id: opening the same account again never grants twice.
    if (request.grantMicros > 0n)
      await this.services.request(grantCredits, {
        grantId: `welcome:${request.accountId}`,
        accountId: request.accountId,
        amountMicros: request.grantMicros,
        reason: 'opening grant',
      });
    return opened;
  }
}
