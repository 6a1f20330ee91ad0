import { Controller, Inject } from '@nestjs/common';
import { readAutoTopUp, setAutoTopUp } from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import type { z } from 'zod';
import { AutoTopUps } from './auto-top-up.js';

/** The setting of automatic top-ups. */
@Controller()
export class AutoTopUpController {
  constructor(@Inject(AutoTopUps) private readonly autoTopUps: AutoTopUps) {}

  @Answers(readAutoTopUp)
  async read({ accountId }: z.output<typeof readAutoTopUp.request>) {
    return { setting: await this.autoTopUps.read(accountId) };
  }

  @Answers(setAutoTopUp)
  async set(request: z.output<typeof setAutoTopUp.request>) {
    return { setting: await this.autoTopUps.set(request) };
  }
}
