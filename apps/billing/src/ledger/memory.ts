import { emptyDraft, type Book, type Head } from './book.js';
import type { LedgerCommand } from './ledger.js';
import type { Hold, Placed } from './transaction.js';

/** Most accounts, and most open holds, that are remembered: the ones written last. */
const MOST_REMEMBERED = 10_000;
/** How long the database's clock is told from this process's own after it was last read. */
const CLOCK_LIFE_MS = 60_000;
/** After n memories running that were no longer so, 2^n - 1 batches are read, up to this n. */
const MOST_DOUBT = 6;

/**
 * What this process itself last committed: account heads, open holds, and the time. Never the truth,
 * which other processes write too: only what a batch may be decided from when the database is
 * going to verify it. An account's next place, a resolution and every id are unique there, so a
 * transaction that was decided from a memory which is no longer so cannot be stored.
 */
export class LedgerMemory {
  private readonly heads = new Map<string, Head>();
  private readonly holds = new Map<string, Hold>();
  private clock: { readonly databaseMs: number; readonly heardAtMs: number } | undefined;
  private doubt = 0;
  private toBeRead = 0;

  /** @param now - a clock of this process that is never set back, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The book for these commands; `undefined` when it must be read. */
  bookFor(commands: readonly LedgerCommand[]): Book | undefined {
    if (this.toBeRead > 0) {
      this.toBeRead -= 1;
      return undefined;
    }
    const nowMs = this.databaseMs();
    if (nowMs === undefined) return undefined;
    const book = emptyDraft(nowMs);
    for (const command of commands) {
      const hold = 'holdId' in command ? this.holds.get(command.holdId) : undefined;
      const accountId = 'accountId' in command ? command.accountId : hold?.accountId;
      const head = accountId === undefined ? undefined : this.heads.get(accountId);
      if (accountId === undefined || head === undefined) return undefined;
      book.heads.set(accountId, head);
      if (hold) book.holds.set(hold.holdId, hold);
    }
    return book;
  }

  /** Takes note of what the database's clock says (epoch milliseconds), as soon as it was read. */
  hear(databaseMs: number): void {
    this.clock = { databaseMs, heardAtMs: this.now() };
  }

  /** Takes note of transactions that are committed, in the order of their places. */
  learn(placed: readonly Placed[]): void {
    for (const { transaction, ...head } of placed) {
      remember(this.heads, transaction.accountId, head);
      if (transaction.kind === 'hold') {
        remember(this.holds, transaction.hold.holdId, transaction.hold);
      }
      if (transaction.kind === 'settlement') this.holds.delete(transaction.holdId);
    }
  }

  /** Forgets everything: something went wrong, and nobody knows what is still so. */
  forget(): void {
    this.heads.clear();
    this.holds.clear();
    this.clock = undefined;
  }

  /** Other processes write to the same accounts: the more often, the less this one relies on it. */
  wasOutdated(): void {
    this.forget();
    this.doubt = Math.min(this.doubt + 1, MOST_DOUBT);
    this.toBeRead = 2 ** this.doubt - 1;
  }

  wasRight(): void {
    this.doubt = Math.max(this.doubt - 1, 0);
  }

  /** Not ahead of the database's clock, as long as both run alike; the database verifies that. */
  private databaseMs(): number | undefined {
    if (!this.clock) return undefined;
    const elapsedMs = this.now() - this.clock.heardAtMs;
    if (elapsedMs > CLOCK_LIFE_MS) return undefined;
    return this.clock.databaseMs + Math.floor(elapsedMs);
  }
}

/** Maps keep the order of insertion: the first is the one that was written longest ago. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MOST_REMEMBERED) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
