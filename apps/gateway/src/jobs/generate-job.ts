import type { GenerateRequest } from '@safelight/contracts';
import { contentOf } from '../catalogue/resolve-styles.js';
import { STRICTEST } from '../files/release-gate.js';
import { chooseSeed } from './seed.js';
import type { WantedJob } from './submitting.js';

/** An image from text, or from text and an image. */
export const generateJob = (body: Omit<GenerateRequest, 'quote_id'>): WantedJob => ({
  spec: {
    operation: 'generate',
    model: body.model ?? null,
    steps: body.steps ?? null,
    width: body.width,
    height: body.height,
    guidance: body.guidance,
    images: body.n,
    seed: chooseSeed(body.seed),
    format: body.output.format,
    lane: body.priority,
    ...(body.visibility === 'public'
      ? { visibility: 'public' as const, moderationLevel: STRICTEST }
      : { moderationLevel: body.moderation.level }),
    strength: body.strength ?? null,
  },
  words: contentOf(body),
  metadata: body.metadata,
  needs: needsOf(body),
  webhook: body.webhook,
  storage: body.output.storage?.s3,
});

/**
 * Fields that a model must say of itself that it honours. A model's offer gets its features from the
 * engine port, which has to carry them: what no engine is handed, none can offer.
 */
const optional = [
  ...(['sampler', 'clip_skip', 'vae', 'loras', 'embeddings', 'ip_adapters', 'controlnet'] as const),
  ...(['resolution', 'quality', 'pool'] as const),
];

const needsOf = (body: Omit<GenerateRequest, 'quote_id'>): string[] =>
  optional.filter((field) => {
    const value = body[field];
    return Array.isArray(value) ? value.length > 0 : value !== undefined;
  });
