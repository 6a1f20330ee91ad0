import type { fileReport } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import type pg from 'pg';
import type { z } from 'zod';
import { withWords, type CaseWords } from './case-words.js';

const insertText = withWords(
  `insert into moderation.reports (report_id, job_id, output_id, image_digest, reason)
   values ($1, $2, $3, $4, $5) returning report_id, created_at, due_at`,
  5,
);
const madeText = `
  select receipt::json ->> 'decidedAt' as decided_at from moderation.decisions
  where subject_digest = $1 and stage = 'output' and verdict = 'pass'
  order by decision_id limit 1`;

/** What anybody may tell or ask about an image. */
export class Reports {
  /** @param keptDays how long what reporters write is kept, from the day of the report */
  constructor(
    private readonly pool: pg.Pool,
    private readonly sealing: CaseWords,
    private readonly keptDays: number,
  ) {}

  /** Kept for a person to decide on until it is due. */
  async file(request: z.output<typeof fileReport.request>) {
    const { jobId, outputId, imageDigest, reason, details, contact } = request;
    const caseId = newId('rpt');
    const words = { details, contact };
    const sealed = this.sealing.seal({ caseId, accountId: null }, words, this.keptDays);
    const values = [caseId, jobId, outputId, imageDigest, reason, ...sealed];
    const query = { name: 'file-report', text: insertText, values };
    type Filed = { report_id: string; created_at: Date; due_at: Date };
    const [row] = (await this.pool.query<Filed>(query)).rows;
    if (row === undefined) throw new Error('a report was not kept');
    return {
      reportId: row.report_id,
      state: 'open' as const,
      createdAt: row.created_at.toISOString(),
      dueAt: row.due_at.toISOString(),
    };
  }

  /** When a file with exactly these bytes first passed here as an output. */
  async madeAt(digest: string): Promise<string | null> {
    const query = { name: 'find-output', text: madeText, values: [digest] };
    const [row] = (await this.pool.query<{ decided_at: string }>(query)).rows;
    return row?.decided_at ?? null;
  }
}
