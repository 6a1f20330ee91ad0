import type { Receipt } from '@safelight/contracts';
import { canonicalJson } from '@safelight/contracts';
import { codeOf, GroupCommit, transact } from '@safelight/postgres';
import type pg from 'pg';
import { ReceiptChain } from './chain.js';
import { type Draft, type Grounds, storedGrounds } from './grounds.js';
import type { ReceiptSigner } from './receipt-signer.js';

const maxBatch = 256;
const UNIQUE_VIOLATION = '23505';
const TRIES = 5;

const insertDecisions = `
  insert into moderation.decisions
    (decision_id, job_id, stage, subject_digest, account_id, verdict, action, rule_id, category,
     receipt, previous_id, grounds, shadow)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::jsonb[])`;

const readDecisions = `
  select receipt from moderation.decisions
  join unnest($1::text[], $2::text[], $3::text[]) as asked (job_id, stage, subject_digest)
    using (job_id, stage, subject_digest)`;

/** A decision that nobody has signed yet, and what it was made from. */
export interface Unrecorded {
  readonly draft: Draft;
  readonly grounds: Grounds;
  /** What a policy in shadow would have said. */
  readonly shadow: Readonly<Record<string, string | null>> | null;
}

/**
 * Where decisions are kept, for ever: the first one about a job, a stage and a subject stands, and
 * whoever asks again is given its receipt. Many decisions travel in one statement. They are signed here,
 * because each names one that is committed before it, or with it.
 */
export class DecisionLog {
  private readonly writer: GroupCommit<Unrecorded, Receipt>;
  private readonly chain: ReceiptChain;

  constructor(
    private readonly pool: pg.Pool,
    signer: ReceiptSigner,
  ) {
    this.chain = new ReceiptChain(pool, signer);
    this.writer = new GroupCommit({ maxBatch, run: (batch) => this.write(batch) });
  }

  /** The receipt that stands: of this decision, or of the one that was there before. */
  record(decision: Unrecorded): Promise<Receipt> {
    return this.writer.submit(decision);
  }

  /** Resolves when everything recorded so far is committed. */
  drain(): Promise<void> {
    return this.writer.drain();
  }

  private async write(batch: readonly Unrecorded[]): Promise<Receipt[]> {
    const answers = new Map<string, Receipt>();
    // One order for all writers, so that two instances never wait for each other in a circle.
    const firsts = new Map(batch.toReversed().map((one) => [keyOf(one.draft), one]));
    let open = [...firsts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    for (let tries = 1; open.length > 0; tries += 1) {
      try {
        for (const one of await this.append(open)) answers.set(keyOf(one), one);
        break;
      } catch (error) {
        // Some were there: all or nothing, because each that is written names the one before.
        if (codeOf(error) !== UNIQUE_VIOLATION || tries === TRIES) throw error;
        for (const one of await this.standing(open)) answers.set(keyOf(one), one);
        open = open.filter(({ draft }) => !answers.has(keyOf(draft)));
      }
    }
    return batch.map(({ draft }) => {
      const answer = answers.get(keyOf(draft));
      if (!answer) throw new Error(`decision ${draft.decisionId} was neither written nor found`);
      return answer;
    });
  }

  private async append(decisions: readonly Unrecorded[]): Promise<Receipt[]> {
    const receipts = await this.chain.extend(decisions.map(({ draft }) => draft));
    const grounds = decisions.map((one) => storedGrounds(one.grounds));
    const shadows = decisions.map(({ shadow }) => shadow && JSON.stringify(shadow));
    const values = [...columnsOf(receipts), grounds, shadows];
    try {
      await transact(this.pool, [{ name: 'insert-decisions', text: insertDecisions, values }]);
    } catch (error) {
      this.chain.forget();
      throw error;
    }
    return receipts;
  }

  private async standing(repeated: readonly Unrecorded[]): Promise<Receipt[]> {
    const drafts = repeated.map(({ draft }) => draft);
    const values = [
      drafts.map(({ jobId }) => jobId),
      drafts.map(({ stage }) => stage),
      drafts.map(({ subjectDigest }) => subjectDigest),
    ];
    const [rows = []] = await transact(this.pool, [
      { name: 'read-decisions', text: readDecisions, values },
    ]);
    return rows.map(([text]) => JSON.parse(String(text)) as Receipt);
  }
}

const keyOf = ({ jobId, stage, subjectDigest }: Draft): string =>
  `${jobId} ${stage} ${subjectDigest}`;

function columnsOf(receipts: readonly Receipt[]): (string | null | undefined)[][] {
  return [
    receipts.map(({ decisionId }) => decisionId),
    receipts.map(({ jobId }) => jobId),
    receipts.map(({ stage }) => stage),
    receipts.map(({ subjectDigest }) => subjectDigest),
    receipts.map(({ accountId }) => accountId),
    receipts.map(({ verdict }) => verdict),
    receipts.map(({ action }) => action),
    receipts.map(({ ruleId }) => ruleId),
    receipts.map(({ category }) => category),
    receipts.map(canonicalJson),
    receipts.map(({ previous }) => previous?.decisionId ?? null),
  ];
}
