import { z } from 'zod';
import { instant, outputMediaType } from '../scalars.js';
import { jobCursor } from './list-jobs.js';
import { limitParameter } from './parameters.js';

/** The query of `GET /api/v1/feed`. */
export const feedQuery = z.strictObject({ limit: limitParameter, cursor: jobCursor.optional() });
export type FeedQuery = z.output<typeof feedQuery>;

/** A result that its owner shows to everybody; says nothing of the owner. */
export const feedItem = z.strictObject({
  id: z.string(),
  /** For `POST /api/v1/reports`. */
  job_id: z.string(),
  /** Signed anew at every read. */
  url: z.string(),
  expires_at: instant,
  media_type: outputMediaType,
  width: z.int(),
  height: z.int(),
  model: z.string(),
  created_at: instant,
});
export type FeedItem = z.infer<typeof feedItem>;
export const feedAnswer = z.strictObject({
  data: z.array(feedItem),
  meta: z.strictObject({ next_cursor: z.string().nullable() }),
});
