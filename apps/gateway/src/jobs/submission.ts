import type { GenerateRequest } from '@safelight/contracts';
import { contentOf } from '../catalogue/resolve-styles.js';
import { STRICTEST } from '../files/release-gate.js';
import { Problem } from '../http/problem.js';
import { chooseSeed } from './seed.js';

/** @throws Problem VALIDATION_ERROR: there are no credentials for buckets of customers anywhere yet */
function refuseStorage({ output }: Pick<GenerateRequest, 'output'>): void {
  if (output.storage === undefined) return;
  const message =
    'is not possible: this deployment has no outbound storage configured; leave it out, and download the outputs from the links of the job';
  throw new Problem('VALIDATION_ERROR', `/output/storage ${message}.`, {
    errors: [{ pointer: '/output/storage', message }],
  });
}

/**
 * The request as the orchestrator takes it: defaults of the model left open, words apart.
 *
 * @throws Problem VALIDATION_ERROR for what only this deployment cannot do
 */
export function toSubmission(body: Omit<GenerateRequest, 'quote_id'>) {
  refuseStorage(body);
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
      ...(body.visibility === 'public'
        ? { visibility: 'public' as const, moderationLevel: STRICTEST }
        : { moderationLevel: body.moderation.level }),
    },
    content: contentOf(body),
    metadata: body.metadata,
  };
}
