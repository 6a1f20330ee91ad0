import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { openStatement, statementParams, statementQuery } from '@safelight/contracts';
import { RequestClient } from '@safelight/messaging';
import type { Telemetry } from '@safelight/telemetry';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Accounts } from '../accounts/accounts.js';
import { Needs, TheCaller } from '../admission/admission.guard.js';
import type { Caller } from '../admission/scope.js';
import { TELEMETRY } from '../tokens.js';
import { asCsv } from './as-csv.js';
import { asFocus } from './as-focus.js';
import { asJson } from './as-json.js';
import { Movements } from './movements.js';

const formats = {
  json: { write: asJson, type: 'application/json; charset=utf-8', file: 'json' },
  csv: { write: asCsv, type: 'text/csv; charset=utf-8; header=present', file: 'csv' },
  focus: { write: asFocus, type: 'text/csv; charset=utf-8; header=present', file: 'focus.csv' },
} as const;

/** A month's statement, written while it is read. */
@Controller('api/v1/account/statements')
export class MonthController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(RequestClient) private readonly services: RequestClient,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  @Get(':month')
  @Needs('account:read')
  async statement(
    @TheCaller() { accountId }: Caller,
    @Param({ schema: statementParams }) { month }: z.output<typeof statementParams>,
    @Query({ schema: statementQuery }) { format }: z.output<typeof statementQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [{ name: accountName }, head] = await Promise.all([
      this.accounts.describe(accountId),
      this.services.request(openStatement, { accountId, month }, DEADLINE),
    ]);
    const movements = new Movements(this.services, accountId, head);
    const { write, type, file } = formats[format];
    const parts = this.watched(write({ accountId, accountName, month, head, movements }), month);
    await reply
      .headers({
        'content-type': type,
        'cache-control': 'private, no-store',
        'content-disposition': `inline; filename="safelight-${month}.${file}"`,
      })
      .send(Readable.from(parts, { objectMode: false }));
  }

  /** Once the answer has begun, breaking it off is all that tells the client; the log tells why. */
  private async *watched(parts: AsyncIterable<string>, month: string): AsyncGenerator<string> {
    try {
      yield* parts;
    } catch (err) {
      this.telemetry.logger.error({ err, month }, 'a statement was broken off');
      throw err;
    }
  }
}

const DEADLINE = { deadlineMs: 10_000 };
