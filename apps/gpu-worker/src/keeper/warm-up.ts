import sharp from 'sharp';
import {
  EngineError,
  type Engine,
  type EngineModel,
  type EngineRequest,
} from '../engine/engine.js';
import { orAborted } from '../engine/or-aborted.js';

/** Pixels a side; every engine can do as small as this, and it costs a moment. */
const SIDE = 256;

/** A model did not pass its trial run. */
export class WarmUpFailed extends Error {
  constructor(model: string, cause: unknown) {
    const why =
      cause instanceof EngineError ? `${cause.code}: ${cause.message}` : 'it failed unexpectedly';
    super(`the warm-up of ${model} failed: ${why}`, { cause });
    this.name = 'WarmUpFailed';
  }
}

/**
 * The models to try before work is taken.
 *
 * @param asked as `WORKER_WARM_UP` has it: nothing leaves it to the engine, `none` tries nothing
 */
export function modelsToWarm(
  { capabilities }: Engine,
  asked: readonly string[],
): readonly string[] {
  const [first] = asked;
  if (first === 'none') return [];
  if (first === 'all') return capabilities.models.map(({ name }) => name);
  return asked.length > 0 ? asked : (capabilities.warmUp ?? []);
}

/**
 * Runs each model once, as small as it gets: a model that cannot be loaded or breaks at its first run
 * must not cost a customer's attempt. One that only does what needs pictures of a certain kind, such
 * as faces, is loaded and not run.
 *
 * @param limitMs for each model
 * @throws WarmUpFailed for the first model that fails
 */
export async function warmUp(
  engine: Engine,
  models: readonly string[],
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<void> {
  for (const model of models) {
    const limit = AbortSignal.timeout(limitMs);
    try {
      // An engine that ignores its signal must not hold the worker up.
      await orAborted(tryModel(engine, model, limit), AbortSignal.any([limit, signal]));
    } catch (error) {
      signal.throwIfAborted();
      const late = new EngineError('engine.timeout', `it was not done within ${limitMs} ms`);
      throw new WarmUpFailed(model, limit.aborted ? late : error);
    }
  }
}

async function tryModel(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  const model = engine.capabilities.models.find((known) => known.name === name);
  if (model === undefined) {
    const names = engine.capabilities.models.map((known) => known.name).join(', ');
    throw new EngineError('engine.model_unknown', `the engine has ${names || 'no models'}`);
  }
  await engine.load(name, signal);
  const request = await trialOf(model);
  if (request !== undefined) await engine.run(request, () => undefined, signal);
}

async function trialOf({ name, operations }: EngineModel): Promise<EngineRequest | undefined> {
  const plain = {
    ...{ model: name, prompt: 'a grey card', negativePrompt: '', width: SIDE, height: SIDE },
    ...{ steps: 1, guidance: 1, seed: 1, format: 'png' as const },
  };
  if (operations.includes('generate')) return { ...plain, operation: 'generate' };
  const image = await plainPicture('grey');
  if (operations.includes('upscale')) return { ...plain, operation: 'upscale', image, scale: 2 };
  if (operations.includes('edit')) {
    return { ...plain, operation: 'edit', image, mask: await plainPicture('white') };
  }
  return undefined;
}

const plainPicture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: SIDE, height: SIDE, channels: 3, background } })
    .png()
    .toBuffer();
