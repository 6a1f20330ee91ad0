import type { JobContent, JobSpec } from '@safelight/contracts';
import { EngineError, type EngineRequest } from '../engine/engine.js';
import type { Pictures } from './inputs.js';

/**
 * One picture of a job in the engine's own terms.
 *
 * @param seed of this picture, an unsigned 32-bit integer
 * @throws EngineError `engine.request_invalid` for an operation that no engine here knows
 */
export function engineRequest(
  spec: JobSpec,
  { prompt, negativePrompt }: JobContent,
  { image, mask }: Pictures,
  seed: number,
): EngineRequest {
  const { model, width, height, steps, guidance, format, automask, strength, scale, seconds, fps } =
    spec;
  return {
    ...{ operation: operationOf(spec), model, prompt, negativePrompt },
    ...{ width, height, steps, guidance, seed, format },
    ...(image === undefined ? {} : { image }),
    ...(mask === undefined ? {} : { mask }),
    ...(automask === null ? {} : { automask }),
    ...(strength === null ? {} : { strength }),
    ...(scale === null ? {} : { scale }),
    ...(seconds === null ? {} : { seconds }),
    ...(fps === null ? {} : { fps }),
  };
}

function operationOf({ operation }: JobSpec): EngineRequest['operation'] {
  if (DONE.has(operation)) return operation;
  throw new EngineError('engine.request_invalid', `no engine here does ${operation}`);
}

const DONE = new Set<JobSpec['operation']>(['generate', 'edit', 'upscale', 'video']);
