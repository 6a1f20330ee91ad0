import { createPool } from '@safelight/postgres';
import { streamOf } from '../assignment/assignment.stream.js';

/** An event of the dispatcher about one job, as it is stored. */
export interface StoredStep {
  readonly type: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The job's history in the dispatcher, the oldest first; empty for a job that it never heard of. */
export async function readSteps(url: string, jobId: string): Promise<StoredStep[]> {
  const pool = createPool({ url, applicationName: 'ops' });
  try {
    const text = `
      select type, recorded_at as at, payload as data
      from dispatch.events where stream_id = $1 order by version`;
    const { rows } = await pool.query<StoredStep>(text, [streamOf(jobId)]);
    return rows;
  } finally {
    await pool.end();
  }
}
