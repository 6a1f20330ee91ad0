import { Controller, Inject } from '@nestjs/common';
import {
  openStatement,
  readStatement,
  type StatementBalance,
  type StatementHead,
} from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Answers } from '@safelight/messaging';
import { CustomerReads } from '@safelight/postgres';
import type { z } from 'zod';
import { readLastUntil } from '../ledger/history.sql.js';
import { linesOf } from './line.js';
import { justBefore, monthOf, stateOf } from './month.js';
import { readBought, readClock, readHeldPaid, readMoves } from './statement.sql.js';

const NOTHING: StatementBalance = {
  ...{ sequence: 0, availableMicros: 0n, heldMicros: 0n, paidMicros: 0n },
};

/** A month of an account: what it had, what moved it, what it has then. */
@Controller()
export class StatementController {
  constructor(@Inject(CustomerReads) private readonly reads: CustomerReads) {}

  @Answers(openStatement)
  async open({ accountId, month }: z.output<typeof openStatement.request>): Promise<StatementHead> {
    const { fromMs, toMs } = monthOf(month);
    const nowMs = await readClock(this.reads, accountId);
    const state = stateOf({ fromMs, toMs }, nowMs);
    if (state === 'future') throw new DomainError('statement.future', { month });
    const opening = await this.balanceAt(accountId, fromMs);
    const closing = await this.balanceAt(accountId, toMs);
    return {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      asOf: state === 'over' ? null : new Date(Math.min(nowMs, toMs)).toISOString(),
      ...{ opening, closing },
      bought: await readBought(this.reads, accountId, BigInt(closing.sequence)),
    };
  }

  @Answers(readStatement)
  async read({
    accountId,
    ...page
  }: z.output<typeof readStatement.request>): Promise<z.input<typeof readStatement.reply>> {
    const rows = await readMoves(this.reads, accountId, page);
    const last = rows.length === page.limit ? rows.at(-1) : undefined;
    return { lines: rows.flatMap(linesOf), next: last ? Number(last.sequence) : null };
  }

  /** What the account owned just before a time. */
  private async balanceAt(accountId: string, ms: number): Promise<StatementBalance> {
    const last = await readLastUntil(this.reads, accountId, justBefore(ms));
    if (last === undefined) return NOTHING;
    const { sequence, held_after_micros: heldMicros } = last;
    const heldPaid = await readHeldPaid(this.reads, accountId, { sequence, heldMicros });
    return {
      sequence: Number(sequence),
      availableMicros: last.available_after_micros,
      heldMicros,
      paidMicros: last.paid_after_micros + heldPaid,
    };
  }
}
