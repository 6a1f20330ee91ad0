import { createHmac, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { fileReport, getReport } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type pg from 'pg';
import type { z } from 'zod';
import type { ReceiptSigner } from '../decisions/receipt-signer.js';
import { withWords, type CaseWords } from './case-words.js';
import type { CaseFiles } from './takedown/case-files.js';
import { DECIDED_WITHIN_MS, isDisabledFirst, type Takedown } from './takedown/takedown.js';

const insertText = withWords(
  `insert into moderation.reports
     (report_id, job_id, output_id, image_digest, reason, image_hashes, signed, look_at)
   values ($1, $2, $3, $4, $5, $6, $7, now()) returning report_id, created_at`,
  7,
);
const readText = `
  select state, created_at, decided_at from moderation.reports where report_id = $1`;
const madeText = `
  select receipt::json ->> 'decidedAt' as decided_at from moderation.decisions
  where subject_digest = $1 and stage = 'output' and verdict = 'pass'
  order by decision_id limit 1`;

const KEY_BYTES = 32;

export interface ReportsParts {
  readonly pool: pg.Pool;
  readonly sealing: CaseWords;
  readonly signer: ReceiptSigner;
  readonly files: CaseFiles;
  /** The master key of cases: handles come from it. */
  readonly caseKey: KeyObject;
  /** How long what reporters write is kept, from the day of the report. */
  readonly keptDays: number;
}

interface ReportRow {
  readonly state: z.output<typeof getReport.reply>['state'];
  readonly created_at: Date;
  readonly decided_at: Date | null;
}

/** What anybody may tell or ask about an image. */
export class Reports {
  private readonly handleKey: Buffer;

  constructor(private readonly parts: ReportsParts) {
    const master = parts.caseKey.export();
    this.handleKey = Buffer.from(hkdfSync('sha256', master, '', 'report-handle', KEY_BYTES));
  }

  /** Kept, and taken up at once: what it asks for is done by `Takedowns`. */
  async file(request: z.output<typeof fileReport.request>) {
    const { jobId, outputId, imageDigest, imageHashes, reason, details, contact, notice } = request;
    const { pool, sealing, keptDays } = this.parts;
    const reportId = newId('rpt');
    const signature = notice && { signature: notice.name, onBehalfOf: notice.onBehalfOf };
    const words = { details, contact, ...signature };
    const sealed = sealing.seal({ caseId: reportId, accountId: null }, words, keptDays);
    const subject = [jobId, outputId, imageDigest, reason, imageHashes, notice !== null];
    const query = {
      name: 'file-report',
      text: insertText,
      values: [reportId, ...subject, ...sealed],
    };
    const [row] = (await pool.query<{ created_at: Date }>(query)).rows;
    if (row === undefined) throw new Error('a report was not kept');
    const times = timesOf(row.created_at);
    return {
      ...{ reportId, state: 'open' as const, handle: this.handleOf(reportId) },
      ...{ createdAt: times.receivedAt, dueAt: times.dueAt },
      acknowledgement: this.parts.signer.statementOf({
        statement: 'report-received' as const,
        reportId,
        ...times,
        disabledFirst: isDisabledFirst({ signed: notice !== null, reason }),
      }),
    };
  }

  /** @throws DomainError `report.not_found`, also for a wrong handle */
  async read({ reportId, handle }: z.output<typeof getReport.request>) {
    const query = { name: 'read-report', text: readText, values: [reportId] };
    const [row] = (await this.parts.pool.query<ReportRow>(query)).rows;
    if (row === undefined || !isSame(handle, this.handleOf(reportId))) {
      throw new DomainError('report.not_found');
    }
    const { disabledAtMs, copies } = await this.parts.files.load(reportId);
    const { receivedAt, dueAt } = timesOf(row.created_at);
    const disabledAt = disabledAtMs === null ? null : new Date(disabledAtMs).toISOString();
    const { state } = row;
    const decidedAt = row.decided_at?.toISOString() ?? null;
    const answer = { reportId, state, createdAt: receivedAt, dueAt, disabledAt, decidedAt };
    if (disabledAt === null || state === 'open') return { ...answer, certificate: null };
    const facts = { reportId, receivedAt, disabledAt, state, decidedAt };
    return { ...answer, certificate: this.certify(facts, copies) };
  }

  /** Made from what was recorded, so it is the same whenever somebody asks. */
  private certify<Facts extends object>(facts: Facts, copies: Takedown['copies']) {
    const digests = [...new Set((copies ?? []).map(({ digest }) => digest))].sort();
    return this.parts.signer.statementOf({
      statement: 'takedown' as const,
      ...facts,
      copies: copies?.length ?? 0,
      digests,
    });
  }

  /** When a file with exactly these bytes first passed here as an output. */
  async madeAt(digest: string): Promise<string | null> {
    const query = { name: 'find-output', text: madeText, values: [digest] };
    const [row] = (await this.parts.pool.query<{ decided_at: string }>(query)).rows;
    return row?.decided_at ?? null;
  }

  /** Nobody has to keep it: whoever has the key can tell it again. */
  private handleOf(reportId: string): string {
    return createHmac('sha256', this.handleKey).update(reportId).digest('base64url');
  }
}

const timesOf = (createdAt: Date) => ({
  receivedAt: createdAt.toISOString(),
  dueAt: new Date(createdAt.getTime() + DECIDED_WITHIN_MS).toISOString(),
});

function isSame(given: string, real: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(real)];
  return a.length === b.length && timingSafeEqual(a, b);
}
