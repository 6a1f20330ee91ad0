import type { Receipt } from '@safelight/contracts';
import { digestOfReceipt } from '@safelight/contracts';
import { transact } from '@safelight/postgres';
import type pg from 'pg';
import type { Draft } from './grounds.js';
import type { ReceiptSigner } from './receipt-signer.js';

type Link = NonNullable<Receipt['previous']>;

/** So many accounts a process remembers the last receipt of: 50 MB. */
const REMEMBERED = 100_000;

const readLatest = `
  select latest.receipt
  from unnest($1::text[]) as asked (account_id)
  cross join lateral (
    select receipt from moderation.decisions
    where account_id = asked.account_id collate "C"
    order by decision_id desc limit 1
  ) as latest`;

/**
 * Signs receipts so that each names an earlier one of its account, by its hash: none of them can be
 * changed or left out without the next one telling. A process goes on from what it wrote last; where it
 * has written nothing, from the latest that is committed. Two processes that write for one account make
 * two branches of one tree, so they never wait for each other (decision 36).
 */
export class ReceiptChain {
  private readonly latest = new Map<string, Link>();

  constructor(
    private readonly pool: pg.Pool,
    private readonly signer: ReceiptSigner,
  ) {}

  /** Whoever cannot write all of what comes of it says `forget`. */
  async extend(drafts: readonly Draft[]): Promise<Receipt[]> {
    if (this.latest.size > REMEMBERED) this.latest.clear();
    await this.learn(drafts);
    return drafts.map((draft) => {
      const previous = this.latest.get(draft.accountId) ?? null;
      const receipt = this.signer.receiptOf({ ...draft, previous });
      this.latest.set(draft.accountId, linkTo(receipt));
      return receipt;
    });
  }

  /** What was written last is not known any more: it is looked up before anything else is. */
  forget(): void {
    this.latest.clear();
  }

  private async learn(drafts: readonly Draft[]): Promise<void> {
    const accounts = drafts.map(({ accountId }) => accountId);
    const unknown = new Set(accounts.filter((one) => !this.latest.has(one)));
    if (unknown.size === 0) return;
    const [rows = []] = await transact(this.pool, [
      { name: 'read-latest-decisions', text: readLatest, values: [[...unknown]] },
    ]);
    for (const [text] of rows) {
      const receipt = JSON.parse(String(text)) as Receipt;
      this.latest.set(receipt.accountId, linkTo(receipt));
    }
  }
}

const linkTo = (receipt: Receipt): Link => ({
  decisionId: receipt.decisionId,
  digest: digestOfReceipt(receipt),
});
