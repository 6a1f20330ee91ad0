import { Controller, Inject } from '@nestjs/common';
import {
  readLedger,
  type Balance,
  type ComposedBalance,
  type LedgerEntry,
} from '@safelight/contracts';
import { Answers } from '@safelight/messaging';
import { CustomerReads } from '@safelight/postgres';
import type { z } from 'zod';
import { composed } from './balance.sql.js';
import { readHistory, readLastUntil, type HistoryRow } from './history.sql.js';
import { jobOf, subjectOf } from './subject.js';

const EMPTY: ComposedBalance = {
  availableMicros: 0n,
  heldMicros: 0n,
  paidMicros: 0n,
  promotionalMicros: 0n,
  nextExpiry: null,
};

/** The ledger as its customer reads it, now or as of some time. */
@Controller()
export class HistoryController {
  constructor(@Inject(CustomerReads) private readonly reads: CustomerReads) {}

  @Answers(readLedger)
  async read({
    accountId,
    limit,
    before,
    asOf,
  }: z.output<typeof readLedger.request>): Promise<z.input<typeof readLedger.reply>> {
    const last = await this.last(accountId, asOf);
    if (last === undefined) return { entries: [], next: null, balance: EMPTY };
    const asked = before === null ? last.sequence + 1n : BigInt(before);
    const below = asked <= last.sequence ? asked : last.sequence + 1n;
    const rows = await readHistory(this.reads, accountId, below, limit);
    const lowest = rows.at(-1)?.sequence;
    const next = lowest === undefined || lowest === 1n ? null : Number(lowest);
    return { entries: rows.map(entryOf), next, balance: composed(last) };
  }

  private async last(accountId: string, asOf: string | null): Promise<HistoryRow | undefined> {
    if (asOf !== null) return readLastUntil(this.reads, accountId, asOf);
    const [newest] = await readHistory(this.reads, accountId, NO_PLACE, 1);
    return newest;
  }
}

/** Above every place. */
const NO_PLACE = 2n ** 62n;

const balanceAfter = (row: HistoryRow): Balance => ({
  availableMicros: row.available_after_micros,
  heldMicros: row.held_after_micros,
});

const entryOf = (row: HistoryRow): LedgerEntry => ({
  sequence: Number(row.sequence),
  kind: row.kind,
  subject: subjectOf(row),
  jobId: jobOf(row),
  availableMicros: row.available_micros,
  heldMicros: row.held_micros,
  balance: balanceAfter(row),
  reason: row.reason,
  recordedAt: row.recorded_at.toISOString(),
});
