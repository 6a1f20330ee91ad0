import { EngineError, type EngineModel, type EngineRequest } from '../engine.js';
import { assertModel, BLANK, builtinCapabilities } from './models.js';

const SMALLEST = 128;
/** What needs no image, and what paints over one. */
const imageless = new Set<EngineRequest['operation']>(['generate', 'video', 'face-swap-video']);
const painted = new Set<EngineRequest['operation']>(['generate', 'edit']);
const UINT32 = 0xffffffff;

/**
 * Throws `engine.request_invalid` for whatever the engine could not do as it was asked, and
 * `engine.model_unknown`. The pictures themselves are looked at when they are decoded.
 */
export function assertRequest(request: EngineRequest): void {
  const model = assertModel(request.model);
  assertOperation(model, request);
  assertInputs(request);
  assertFaces(request);
  if (request.operation === 'generate' || request.operation === 'video') assertSize(model, request);
  assertLength(request);
  if (!Number.isInteger(request.steps) || request.steps < 1)
    throw invalid('steps must be 1 or more');
  if (!Number.isInteger(request.seed) || request.seed < 0 || request.seed > UINT32) {
    throw invalid('the seed must be an unsigned 32-bit integer');
  }
}

function assertOperation(model: EngineModel, { operation, image }: EngineRequest): void {
  if (model.name === BLANK && image) throw invalid(`${BLANK} does not work on an image`);
  if (model.operations.includes(operation)) return;
  const able = builtinCapabilities.models.filter(({ operations }) =>
    operations.includes(operation),
  );
  const names = able.map(({ name }) => name).join(', ');
  throw invalid(`${model.name} does not ${operation}: ask ${names}`);
}

// A field that the operation has no use for would be passed over in silence, so it is refused.
function assertInputs(request: EngineRequest): void {
  const { operation, image, mask, automask, strength, scale } = request;
  const edits = operation === 'edit';
  const upscales = operation === 'upscale';
  if (!image && !imageless.has(operation)) throw invalid(`to ${operation}, send an image`);
  if (!edits && (mask ?? automask) !== undefined) throw invalid('only an edit has a mask');
  if (edits && (mask === undefined) === (automask === undefined)) {
    throw invalid('an edit needs either a mask or an automask');
  }
  if (upscales !== (scale !== undefined)) {
    throw invalid('to upscale, send a scale of 2 or 4; nothing else has a scale');
  }
  if (strength === undefined) return;
  if (upscales || !painted.has(operation) || !image)
    throw invalid('a strength needs an image that is painted over');
  if (!(strength >= 0 && strength <= 1)) throw invalid('the strength must be 0 to 1');
}

/** Who works on a face has its picture and what it is laid over, and nobody else has. */
function assertFaces({ operation, image, face, video }: EngineRequest): void {
  const swaps = operation === 'face-swap' || operation === 'face-swap-video';
  if (swaps !== (face !== undefined)) {
    throw invalid(swaps ? `to ${operation}, send a face` : 'only a face swap has a face');
  }
  const inVideo = operation === 'face-swap-video';
  if (inVideo !== (video !== undefined) || (inVideo && image !== undefined)) {
    throw invalid('to face-swap-video, send a video and no image; nothing else has a video');
  }
}

function assertLength(request: EngineRequest): void {
  const { operation, seconds, fps, width, height } = request;
  if (operation !== 'video' && operation !== 'face-swap-video') {
    if ((seconds ?? fps) === undefined) return;
    throw invalid('only a video has seconds and fps');
  }
  const { maxSeconds: longest = 0, maxFps: fastest = 0 } = assertModel(request.model);
  if (!(seconds !== undefined && seconds > 0 && seconds <= longest)) {
    throw invalid(`the seconds must be above 0 and at most ${String(longest)}`);
  }
  if (!(fps !== undefined && Number.isInteger(fps) && fps >= 1 && fps <= fastest)) {
    throw invalid(`the fps must be 1 to ${String(fastest)}`);
  }
  if (width % 2 !== 0 || height % 2 !== 0) throw invalid('the sides of a video must be even');
}

function assertSize({ maxWidth, maxHeight }: EngineModel, { width, height }: EngineRequest): void {
  for (const [side, most] of [
    [width, maxWidth],
    [height, maxHeight],
  ] as const) {
    if (!Number.isInteger(side) || side < SMALLEST || side > most) {
      throw invalid(`a side of ${String(side)} pixels is not in ${SMALLEST}..${String(most)}`);
    }
  }
}

const invalid = (message: string): EngineError =>
  new EngineError('engine.request_invalid', message);
