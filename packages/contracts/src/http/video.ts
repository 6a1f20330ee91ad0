import { z } from 'zod';
import {
  imageReference,
  metadata,
  modelName,
  moderation,
  priority,
  quoteId,
  range,
  seed,
  side,
  wholeRange,
} from './fields.js';
import { text } from './text.js';
import { webhookField } from './webhooks.js';

/** The body of `POST /api/v1/video`: a video from text, or from text and its first image. */
export const videoRequest = z.strictObject({
  prompt: text({ min: 1, max: 2000 }),
  negative_prompt: text({ min: 0, max: 1024 }).default(''),
  model: modelName.optional(),
  /** The first picture. */
  image: imageReference.optional(),
  width: side.default(1024),
  height: side.default(576),
  seconds: range(1, 60).default(4),
  fps: wholeRange(1, 60).default(24),
  steps: wholeRange(1, 100).optional(),
  guidance: range(1, 30).default(7),
  seed,
  moderation,
  priority,
  quote_id: quoteId,
  ...webhookField,
  metadata: metadata.default({}),
});
export type VideoRequest = z.output<typeof videoRequest>;

/** The same without a quote's id: what a quote is asked for. */
export const videoToQuote = videoRequest.omit({ quote_id: true });
