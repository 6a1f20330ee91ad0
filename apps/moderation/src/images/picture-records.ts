import type pg from 'pg';
import type { PicturesSeen } from '../combination/facts.js';

/** Longer than any job lives. */
const KEPT = '30 days';

/**
 * What was seen in the pictures that jobs begin with, until their outputs are looked at: scores and
 * levels, never pictures. Erased when no job can need them any more.
 */
export class PictureRecords {
  constructor(private readonly pool: pg.Pool) {}

  /** The first record of a job stands. */
  async keep(jobId: string, seen: PicturesSeen): Promise<void> {
    await this.pool.query({
      name: 'keep-pictures-seen',
      text: `insert into moderation.pictures_seen (job_id, seen) values ($1, $2)
        on conflict (job_id) do nothing`,
      values: [jobId, JSON.stringify(seen)],
    });
  }

  /** `null` for a job that began with words alone. */
  async of(jobId: string): Promise<PicturesSeen | null> {
    const { rows } = await this.pool.query<{ seen: PicturesSeen }>({
      name: 'read-pictures-seen',
      text: 'select seen from moderation.pictures_seen where job_id = $1',
      values: [jobId],
    });
    return rows[0]?.seen ?? null;
  }

  async eraseOld(): Promise<void> {
    await this.pool.query(
      `delete from moderation.pictures_seen where recorded_at < now() - interval '${KEPT}'`,
    );
  }
}
