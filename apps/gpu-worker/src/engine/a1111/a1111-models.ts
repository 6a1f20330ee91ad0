import type { EngineModel } from '../engine.js';
import { engineNameOf, offerOf, undescribed, type DescribedModel } from '../remote/model-list.js';
import { invalid, missing } from '../remote/refusals.js';
import type { A1111Inventory } from './a1111-client.js';

/** The models that a WebUI has the files for: the described ones, or all of its checkpoints. */
export function modelsIn(
  inventory: A1111Inventory,
  described: readonly DescribedModel[] | undefined,
): DescribedModel[] {
  if (described) return described.filter((model) => isThere(inventory, model));
  return inventory.models.map(({ model_name: name }) =>
    undescribed({ name, description: `${name}, on A1111`, operations: ['generate', 'edit'] }),
  );
}

function isThere(inventory: A1111Inventory, model: DescribedModel): boolean {
  if (isUpscaler(model)) return inventory.upscalers.includes(engineNameOf(model));
  return checkpointOf(inventory, model) !== undefined;
}

export const isUpscaler = ({ operations }: DescribedModel): boolean =>
  operations.includes('upscale');

/** By its file's name, or by its whole title with the hash. */
const checkpointOf = ({ models }: A1111Inventory, model: DescribedModel) =>
  models.find((one) => [one.model_name, one.title].includes(engineNameOf(model)));

/** @returns the name by which the WebUI loads it. @throws EngineError `engine.model_missing` */
export function titleOf(inventory: A1111Inventory, model: DescribedModel): string {
  const found = checkpointOf(inventory, model);
  if (found) return found.title;
  throw missing(`the WebUI has no checkpoint ${engineNameOf(model)}`);
}

/**
 * A WebUI that cannot find the checkpoint it is told to load says nothing and draws with another one.
 *
 * @param told the file's name in its answer, without the folder that a model's name begins with
 * @throws EngineError `engine.model_missing`
 */
export function assertMadeBy(
  inventory: A1111Inventory,
  model: DescribedModel,
  told: string | undefined,
): void {
  const wanted = checkpointOf(inventory, model)?.model_name ?? '';
  if (told === undefined || wanted === told || wanted.endsWith(`_${told}`)) return;
  throw missing(`the WebUI drew with ${told} instead of ${wanted}`);
}

export function offerIn(inventory: A1111Inventory, model: DescribedModel): EngineModel {
  if (isUpscaler(model)) return offerOf(model);
  const { vaes, loras, embeddings, controlModels } = inventory;
  const able: Readonly<Record<string, boolean>> = {
    ...{ sampler: true, clip_skip: true, vae: vaes.length > 0, loras: loras.length > 0 },
    ...{ embeddings: embeddings.length > 0, controlnet: controlModels.length > 0 },
  };
  const features = Object.keys(able).filter((name) => able[name] === true);
  return offerOf(model, features, [...vaes, ...loras, ...embeddings, ...controlModels]);
}

/**
 * The WebUI's own name of a sampler, which is the public one: older versions have `DPM++ 2M Karras` as
 * a sampler, newer ones split the scheduler off by themselves.
 *
 * @throws EngineError `engine.request_invalid` for one that this WebUI does not have
 */
export function samplerIn({ samplers, schedulers }: A1111Inventory, name: string): string {
  const names = samplers.flatMap((one) => [one.name, ...one.aliases]);
  const labels = schedulers.flatMap((one) => [one.label, one.name]);
  const isSplit = labels.some(
    (label) => name.endsWith(` ${label}`) && names.includes(name.slice(0, -label.length - 1)),
  );
  if (names.includes(name) || isSplit) return name;
  const there = samplers.map((one) => one.name).join(', ');
  throw invalid(`this WebUI has no sampler ${name}: ask for one of ${there}`);
}
