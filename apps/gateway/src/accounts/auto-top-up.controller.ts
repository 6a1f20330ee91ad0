import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import type { AutoTopUp, AutoTopUpRequest, AutoTopUpResource } from '@safelight/contracts';
import {
  autoTopUpRequest,
  formatCredits,
  parseCredits,
  readAutoTopUp,
  setAutoTopUp,
} from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';

/** Whether credits are bought by themselves when few are left. */
@Controller('api/v1/account/auto-top-up')
export class AutoTopUpController {
  constructor(@Inject(RequestClient) private readonly services: RequestClient) {}

  @Get()
  @Needs('account:read')
  async get(@TheCaller() { accountId }: Caller) {
    const { setting } = await this.services.request(readAutoTopUp, { accountId });
    return { data: setting === null ? never : present(setting), meta: {} };
  }

  @Put()
  @Needs('account:write')
  async set(
    @TheCaller() { accountId }: Caller,
    @Body({ schema: autoTopUpRequest }) body: AutoTopUpRequest,
  ) {
    const { setting } = await this.services.request(setAutoTopUp, {
      ...{ accountId, enabled: body.enabled, package: body.package },
      thresholdMicros: parseCredits(body.threshold),
      monthlyCapMicros: parseCredits(body.monthly_cap),
    });
    return { data: present(setting), meta: {} };
  }
}

/** As it is until the customer says something. */
const never: AutoTopUpResource = {
  enabled: false,
  package: null,
  threshold: null,
  monthly_cap: null,
  disabled_reason: null,
  in_flight: null,
};

const present = (setting: AutoTopUp): AutoTopUpResource => ({
  enabled: setting.enabled,
  package: setting.package,
  threshold: formatCredits(setting.thresholdMicros),
  monthly_cap: formatCredits(setting.monthlyCapMicros),
  disabled_reason: setting.disabledReason,
  in_flight: setting.inFlight,
});
