import { newUuid, proveWorker } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { Unavailable, type RequestClient } from '@safelight/messaging';
import type { ModelOffer } from '@safelight/contracts';
import type { z } from 'zod';

/** How a worker fared that was asked for a picture which is known to be easy. */
export type Verdict =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly reason: string }
  /** It could not be asked, or had something else to do: to be asked again. */
  | { readonly outcome: 'open'; readonly reason: string };

type Trial = z.input<ReturnType<typeof proveWorker>['request']>;

const SIDE_PX = 256;
const STEPS = 4;
/** What says nothing of the worker's health. */
const NO_FAULT = new Set([
  ...['worker.busy', 'worker.draining', 'worker.stale_epoch'],
  // The model wants more than it says of itself: it was not even tried.
  'engine.request_invalid',
]);

/**
 * The cheapest picture that shows whether a worker works: small, in a few steps, with a model that is
 * loaded if one is.
 *
 * @returns `undefined` where the worker has no model that makes pictures from words, or from words and
 *   a picture that says nothing: a face would have to be somebody's
 */
export function trialOf(
  models: readonly ModelOffer[],
  warm: ReadonlySet<string>,
): Pick<Trial, 'model' | 'width' | 'height' | 'steps'> | undefined {
  const able = models.filter(
    ({ operations, requires }) => operations.includes('generate') && !requires.includes('face'),
  );
  const cost = ({ name, gpuSecondsPerMegapixelStep, requires }: ModelOffer) =>
    gpuSecondsPerMegapixelStep + (warm.has(name) ? 0 : 1_000) + (requires.length > 0 ? 1 : 0);
  const [model] = [...able].sort((a, b) => cost(a) - cost(b));
  if (model === undefined) return undefined;
  const { name, maxWidth, maxHeight, defaultSteps } = model;
  return {
    ...{ model: name, width: Math.min(SIDE_PX, maxWidth), height: Math.min(SIDE_PX, maxHeight) },
    steps: Math.min(STEPS, defaultSteps),
  };
}

/**
 * Asks the worker process for that picture, which looks at it itself. Its size is no matter: a workflow
 * may have one of its own. Never rejects.
 */
export async function prove(
  requests: RequestClient,
  incarnation: string,
  trial: Omit<Trial, 'trialId'>,
): Promise<Verdict> {
  try {
    const asked = { trialId: newUuid(), ...trial };
    await requests.request(proveWorker(incarnation), asked);
    return { outcome: 'passed' };
  } catch (error) {
    return verdictOn(error);
  }
}

function verdictOn(error: unknown): Verdict {
  if (error instanceof DomainError) {
    return { outcome: NO_FAULT.has(error.code) ? 'open' : 'failed', reason: error.code };
  }
  // Nobody listens: a worker that just went away. One that listens and never answers is sick.
  if (error instanceof Unavailable) {
    return { outcome: error.code === 'service.timeout' ? 'failed' : 'open', reason: error.code };
  }
  return { outcome: 'failed', reason: 'worker.fault' };
}
