import type { proveWorker } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import type { z } from 'zod';
import { EngineError, type Engine } from '../engine/engine.js';

type Operation = ReturnType<typeof proveWorker>;
export type Trial = z.output<Operation['request']>;

const SEED = 7;
const GUIDANCE = 4;

/**
 * Makes a picture that nobody keeps, to show whether this worker works again.
 *
 * @throws DomainError with the engine's code when it does not
 */
export async function flyCanary(
  engine: Engine,
  trial: Trial,
): Promise<z.input<Operation['reply']>> {
  const { model, width, height, steps } = trial;
  const begun = performance.now();
  try {
    const made = await engine.run(
      {
        ...{ operation: 'generate', model, width, height, steps, seed: SEED, guidance: GUIDANCE },
        ...{ prompt: 'a plain grey card', negativePrompt: '', format: 'png' },
      },
      () => undefined,
      new AbortController().signal,
    );
    if (made.bytes.length === 0) throw new EngineError('engine.failed', 'the picture is empty');
    const gpuMs = Math.round(performance.now() - begun);
    return { width: made.width, height: made.height, gpuMs };
  } catch (error) {
    if (error instanceof EngineError) throw new DomainError(error.code);
    throw error;
  }
}
