import { EngineError, type EngineCapabilities, type EngineRequest } from '../engine.js';

export const ATELIER = 'builtin/atelier';
export const BLANK = 'builtin/blank';

const LARGEST = 2048;
const SMALLEST = 128;

/** What the built-in engine offers, and says about itself. */
export const builtinCapabilities: EngineCapabilities = {
  engine: 'builtin',
  warm: [ATELIER, BLANK],
  models: [
    {
      name: ATELIER,
      description:
        'Paints a scene from the words of the prompt by rule, on the CPU, without any trained ' +
        'model or weights. It stands in for a GPU engine where there is none.',
      operations: ['generate'],
      maxWidth: LARGEST,
      maxHeight: LARGEST,
      defaultSteps: 20,
      gpuSecondsPerMegapixelStep: 0.04,
    },
    {
      name: BLANK,
      description:
        'Returns one plain picture at once and ignores the prompt; it draws nothing and is ' +
        'meant for load tests only.',
      operations: ['generate'],
      maxWidth: LARGEST,
      maxHeight: LARGEST,
      defaultSteps: 1,
      gpuSecondsPerMegapixelStep: 0,
    },
  ],
};

/** Throws `engine.model_unknown` unless the built-in engine has the model. */
export function assertModel(model: string): void {
  if (builtinCapabilities.models.some(({ name }) => name === model)) return;
  throw new EngineError('engine.model_unknown', `the built-in engine has no model ${model}`);
}

/** Throws `engine.request_invalid` for sizes, steps or seeds that the engine cannot serve. */
export function assertRequest(request: EngineRequest): void {
  assertModel(request.model);
  for (const side of [request.width, request.height]) {
    if (!Number.isInteger(side) || side < SMALLEST || side > LARGEST) {
      throw invalid(`a side of ${String(side)} pixels is not in 128..2048`);
    }
  }
  if (!Number.isInteger(request.steps) || request.steps < 1)
    throw invalid('steps must be 1 or more');
  if (!Number.isInteger(request.seed) || request.seed < 0 || request.seed > 0xffffffff) {
    throw invalid('the seed must be an unsigned 32-bit integer');
  }
}

const invalid = (message: string): EngineError =>
  new EngineError('engine.request_invalid', message);
