import type { EngineModel } from '../engine.js';
import { engineNameOf, offerOf, undescribed, type DescribedModel } from '../remote/model-list.js';
import type { SdcppCapabilities } from './sdcpp-client.js';

const MODES = { generate: 'img_gen', edit: 'img_gen', video: 'vid_gen' } as const;

/**
 * The models that a server has: the one that it was started with, under every description that names
 * its file, or by its own name where nobody describes any.
 */
export function modelsOn(
  server: SdcppCapabilities,
  described: readonly DescribedModel[] | undefined,
): DescribedModel[] {
  const { model, supported_modes: modes, limits } = server;
  const operations = (Object.keys(MODES) as (keyof typeof MODES)[]).filter((one) =>
    modes.includes(MODES[one]),
  );
  if (described === undefined) {
    const name = model.stem === '' ? model.name : model.stem;
    if (name === '' || operations.length === 0) return [];
    const { max_width, max_height } = limits;
    const description = `${name}, on stable-diffusion.cpp`;
    return [undescribed({ name, description, operations, max_width, max_height })];
  }
  return described
    .filter((one) => [model.stem, model.name].includes(engineNameOf(one)))
    .map((one) => ({ ...one, ...narrowed(one, server, operations) }))
    .filter((one) => one.operations.length > 0);
}

function narrowed(
  model: DescribedModel,
  { limits }: SdcppCapabilities,
  operations: readonly (keyof typeof MODES)[],
): Pick<DescribedModel, 'operations' | 'max_width' | 'max_height'> {
  return {
    operations: model.operations.filter((one) => (operations as readonly string[]).includes(one)),
    max_width: Math.min(model.max_width, limits.max_width),
    max_height: Math.min(model.max_height, limits.max_height),
  };
}

export function offerOn(server: SdcppCapabilities, model: DescribedModel): EngineModel {
  const loras = server.loras.map(({ name }) => name);
  const able: Readonly<Record<string, boolean>> = {
    ...{ sampler: true, clip_skip: true, loras: loras.length > 0 },
    ip_adapters: model.ip_adapter !== undefined,
    controlnet: model.control_net !== undefined,
  };
  const features = Object.keys(able).filter((name) => able[name] === true);
  const loaded = [model.control_net, model.ip_adapter].filter((name) => name !== undefined);
  return offerOf(model, features, [...loras, ...loaded]);
}
