import { EventStore } from '@safelight/event-store';
import { createPool } from '@safelight/postgres';
import type pg from 'pg';
import { schema } from './migrations/index.js';
import { standingProjection } from './standing/standing.projection.js';
import { reviewProjection } from './trust/review/review.projection.js';
import { takedownProjection } from './trust/takedown/takedown.projection.js';

/** What follows the events of moderation, in the database transaction that records them. */
export const projections = [takedownProjection, standingProjection, reviewProjection];

/** What an operator's command works with, for as long as it runs. */
export interface OperatorsDesk {
  readonly pool: pg.Pool;
  readonly store: EventStore;
}

/** @param databaseUrl of moderation's runtime role */
export async function withDesk<Result>(
  databaseUrl: string,
  run: (desk: OperatorsDesk) => Promise<Result>,
): Promise<Result> {
  const pool = createPool({ url: databaseUrl, applicationName: 'ops', max: 2 });
  try {
    return await run({ pool, store: new EventStore({ pool, schema, projections }) });
  } finally {
    await pool.end();
  }
}
