import type { EngineRequest } from '../../engine.js';
import type { ObjectInfo } from '../client/object-info.js';
import { familyOf } from '../models/families.js';
import type { ModelDescription, ModelFile } from '../models/model-file.js';
import { invalid } from '../../remote/refusals.js';
import type { Draft, InputPictures } from './draft.js';
import { GraphBuilder, type Plan } from './graph.js';
import { imagePlan, upscalePlan } from './image.js';
import { videoPlan } from './video.js';

export interface BuildParts {
  readonly model: ModelDescription;
  readonly parts: ModelFile;
  readonly pictures: InputPictures;
  readonly info: ObjectInfo;
  readonly prefix: string;
}

/**
 * The graph that does what a request asks, of core nodes alone.
 *
 * @throws EngineError `engine.request_invalid`, `engine.model_missing`
 */
export function buildPlan(request: EngineRequest, given: BuildParts): Plan {
  const { model } = given;
  const { operation } = request;
  if (!model.operations.some((one) => one === operation)) {
    throw invalid(`${model.name} does not ${operation}`);
  }
  assertMeaningful(request);
  const family = familyOf(model.family);
  const draft: Draft = { ...given, request, family, graph: new GraphBuilder() };
  if (operation === 'upscale') return upscalePlan(draft);
  if (operation === 'video') return videoPlan(draft);
  return imagePlan(draft);
}

/** A field that the operation has no use for would be passed over in silence, so it is refused. */
function assertMeaningful(request: EngineRequest): void {
  const { operation, mask, automask, strength, scale, seconds, fps, face } = request;
  const only = (what: string, given: unknown, able: readonly string[]): void => {
    if (given !== undefined && !able.includes(operation)) {
      throw invalid(`only ${able.join(' and ')} takes ${what}`);
    }
  };
  only('a mask', mask ?? automask, ['edit']);
  only('a scale', scale, ['upscale']);
  only('seconds or fps', seconds ?? fps, ['video']);
  only('a face', face, ['face-swap', 'face-swap-video']);
  if (operation === 'upscale') assertNothingDrawn(request);
  if (strength === undefined) return;
  if (!(strength >= 0 && strength <= 1)) throw invalid('the strength must be 0 to 1');
  if (!request.image) throw invalid('a strength needs an image');
}

function assertNothingDrawn(request: EngineRequest): void {
  const { sampler, clipSkip, vae, loras, embeddings, references, controls, strength } = request;
  const lists = [loras, embeddings, references, controls].filter((list) => (list ?? []).length > 0);
  if (lists.length > 0 || (sampler ?? clipSkip ?? vae ?? strength) !== undefined) {
    throw invalid('an upscale draws nothing: it takes no sampler, strength or further models');
  }
}
