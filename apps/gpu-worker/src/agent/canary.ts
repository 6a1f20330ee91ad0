import { proveWorker } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import sharp from 'sharp';
import type { z } from 'zod';
import { decodeImage } from '../engine/builtin/intake.js';
import { EngineCancelled, EngineError, type Engine, type EngineOutput } from '../engine/engine.js';
import { orAborted } from '../engine/or-aborted.js';

type Operation = ReturnType<typeof proveWorker>;
export type Trial = z.output<Operation['request']>;
type Shape = Pick<Trial, 'width' | 'height' | 'steps'>;

const SEED = 7;
const GUIDANCE = 4;
const GREY = '#808080';
const WHITE = '#ffffff';

/**
 * Makes a picture that nobody keeps, to show whether this worker works again: one that can be decoded.
 * It ends when nobody waits for it any more, and when the worker closes.
 *
 * @param patienceMs default: as long as the dispatcher waits
 * @throws DomainError with the engine's code when it does not; `worker.draining`; `engine.too_slow`
 */
export async function flyCanary(
  engine: Engine,
  trial: Trial,
  closing: AbortSignal,
  patienceMs: number = proveWorker('').deadlineMs,
): Promise<z.input<Operation['reply']>> {
  const begun = performance.now();
  const late = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([late, closing]);
  try {
    const made = await orAsOffered(engine, trial, signal);
    const { width, height } = await decodeImage(made.bytes);
    return { width, height, gpuMs: Math.round(performance.now() - begun) };
  } catch (error) {
    if (closing.aborted) throw new DomainError('worker.draining');
    if (late.aborted) throw new DomainError('engine.too_slow');
    if (error instanceof EngineError) throw new DomainError(error.code);
    if (error instanceof EngineCancelled) throw new DomainError(error.code);
    throw error;
  }
}

/** A workflow may have a size and steps of its own, and refuse any others: those are what it offers. */
async function orAsOffered(
  engine: Engine,
  trial: Trial,
  signal: AbortSignal,
): Promise<EngineOutput> {
  try {
    return await orAborted(drawn(engine, trial.model, trial, signal), signal);
  } catch (error) {
    const offered = engine.capabilities.models.find(({ name }) => name === trial.model);
    const isRefused = error instanceof EngineError && error.code === 'engine.request_invalid';
    if (!isRefused || !offered) throw error;
    const { maxWidth: width, maxHeight: height, defaultSteps: steps } = offered;
    return orAborted(drawn(engine, trial.model, { width, height, steps }, signal), signal);
  }
}

async function drawn(
  engine: Engine,
  model: string,
  { width, height, steps }: Shape,
  signal: AbortSignal,
): Promise<EngineOutput> {
  const { requires = [] } = engine.capabilities.models.find(({ name }) => name === model) ?? {};
  const pictures = {
    ...(requires.includes('image') && { image: await card(width, height, GREY) }),
    ...(requires.includes('mask') && { mask: await card(width, height, WHITE) }),
  };
  return engine.run(
    {
      ...{ operation: 'generate', model, width, height, steps, seed: SEED, guidance: GUIDANCE },
      ...{ prompt: 'a plain grey card', negativePrompt: '', format: 'png', ...pictures },
    },
    () => undefined,
    signal,
  );
}

/** A picture of one colour, for models that begin with one. */
const card = (width: number, height: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
