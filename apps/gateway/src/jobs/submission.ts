import type { GenerateRequest } from '@safelight/contracts';
import { contentOf } from '../catalogue/resolve-styles.js';
import { chooseSeed } from './seed.js';

/** The request as the orchestrator takes it: defaults of the model left open, words apart. */
export function toSubmission(body: Omit<GenerateRequest, 'quote_id'>) {
  return {
    spec: {
      operation: 'generate' as const,
      model: body.model ?? null,
      steps: body.steps ?? null,
      width: body.width,
      height: body.height,
      guidance: body.guidance,
      images: body.n,
      seed: chooseSeed(body.seed),
      format: body.output.format,
      lane: body.priority,
      moderationLevel: body.moderation.level,
    },
    content: contentOf(body),
    metadata: body.metadata,
  };
}
