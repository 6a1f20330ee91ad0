import type { Receipt } from '@safelight/contracts';
import { GroupCommit, transact } from '@safelight/postgres';
import type pg from 'pg';

const maxBatch = 256;

const insertDecisions = `
  insert into moderation.decisions
    (decision_id, job_id, stage, subject_digest, account_id, verdict, rule_id, receipt)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::text[])
  on conflict (job_id, stage, subject_digest) do nothing
  returning decision_id`;

const readDecisions = `
  select receipt from moderation.decisions
  join unnest($1::text[], $2::text[], $3::text[]) as asked (job_id, stage, subject_digest)
    using (job_id, stage, subject_digest)`;

/**
 * Where decisions are kept, for ever: the first one about a job, a stage and a subject stands, and
 * whoever asks again is given its receipt. Many decisions travel in one statement.
 */
export class DecisionLog {
  private readonly writer: GroupCommit<Receipt, Receipt>;

  constructor(private readonly pool: pg.Pool) {
    this.writer = new GroupCommit({ maxBatch, run: (receipts) => this.write(receipts) });
  }

  /** The receipt that stands: this one, or the one that was there before. */
  record(receipt: Receipt): Promise<Receipt> {
    return this.writer.submit(receipt);
  }

  /** Resolves when everything recorded so far is committed. */
  drain(): Promise<void> {
    return this.writer.drain();
  }

  private async write(receipts: readonly Receipt[]): Promise<Receipt[]> {
    // One order for all writers, so that two instances never wait for each other in a circle.
    const ordered = [...receipts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const [rows = []] = await transact(this.pool, [
      { name: 'insert-decisions', text: insertDecisions, values: columnsOf(ordered) },
    ]);
    const written = new Set(rows.map(([decisionId]) => decisionId));
    const repeated = receipts.filter(({ decisionId }) => !written.has(decisionId));
    const standing = await this.standing(repeated);
    return receipts.map((receipt) => {
      const first = written.has(receipt.decisionId) ? receipt : standing.get(keyOf(receipt));
      if (!first) throw new Error(`decision ${receipt.decisionId} was neither written nor found`);
      return first;
    });
  }

  private async standing(repeated: readonly Receipt[]): Promise<Map<string, Receipt>> {
    if (repeated.length === 0) return new Map();
    const [rows = []] = await transact(this.pool, [
      { name: 'read-decisions', text: readDecisions, values: columnsOf(repeated).slice(1, 4) },
    ]);
    return new Map(
      rows.map(([text]) => {
        const receipt = JSON.parse(String(text)) as Receipt;
        return [keyOf(receipt), receipt];
      }),
    );
  }
}

const keyOf = ({ jobId, stage, subjectDigest }: Receipt): string =>
  `${jobId} ${stage} ${subjectDigest}`;

function columnsOf(receipts: readonly Receipt[]): (string | null)[][] {
  return [
    receipts.map(({ decisionId }) => decisionId),
    receipts.map(({ jobId }) => jobId),
    receipts.map(({ stage }) => stage),
    receipts.map(({ subjectDigest }) => subjectDigest),
    receipts.map(({ accountId }) => accountId),
    receipts.map(({ verdict }) => verdict),
    receipts.map(({ ruleId }) => ruleId),
    receipts.map((receipt) => JSON.stringify(receipt)),
  ];
}
