import { samplers, type NovitaExtra, type Sampler } from '@safelight/contracts';
import { foreignFields, type Foreign, type Optional } from '../wish.js';

type IsIdle = (value: unknown) => boolean;

const isEmpty: IsIdle = (value) => Array.isArray(value) && value.length === 0;

/** Fields of requests that no model here honours, and the values that ask for nothing. */
const foreign: Readonly<Record<string, IsIdle>> = {
  hires_fix: () => false,
  refiner: () => false,
  restore_faces: (value) => value === false,
  enable_transparent_background: (value) => value === false,
  mask_blur: (value) => value === 0,
  inpainting_full_res: (value) => value === 0,
  inpainting_full_res_padding: (value) => value === 0,
  initial_noise_multiplier: (value) => value === 1,
};

/** Those that some models honour, by the feature that they need. */
const optional: Readonly<Record<string, readonly [feature: string, isIdle: IsIdle]>> = {
  sampler_name: ['sampler', () => false],
  clip_skip: ['clip_skip', () => false],
  sd_vae: ['vae', (value) => value === ''],
  loras: ['loras', isEmpty],
  embeddings: ['embeddings', isEmpty],
  controlnet: ['controlnet', (value) => isEmpty((value as { units: unknown }).units)],
  ip_adapters: ['ip_adapters', isEmpty],
};

export function foreignInWords(request: object): Foreign[] {
  const asked = Object.entries(foreign).map(
    ([name, isIdle]) => [name, isAsked(request, name, isIdle)] as const,
  );
  const { sampler_name: sampler } = request as { sampler_name?: string };
  const unknown = sampler !== undefined && samplerCalled(sampler) === undefined;
  return foreignFields({ ...Object.fromEntries(asked), sampler_name: unknown }, 'request');
}

export const optionalInWords = (request: object): Optional[] =>
  Object.entries(optional)
    .filter(([name, [, isIdle]]) => isAsked(request, name, isIdle))
    .map(([field, [feature]]) => ({ field, feature, at: `request.${field}` }))
    // One that no engine knows is nothing that any model honours.
    .filter(({ field }) => field !== 'sampler_name' || samplerIn(request) !== undefined);

export const samplerIn = (request: object): Sampler | undefined =>
  samplerCalled((request as { sampler_name?: string }).sampler_name ?? '');

const samplerCalled = (name: string): Sampler | undefined =>
  samplers.find((known) => known === name);

function isAsked(request: object, name: string, isIdle: IsIdle): boolean {
  const value: unknown = new Map(Object.entries(request)).get(name);
  return value !== undefined && !isIdle(value);
}

/** A pool has a name here, and this dialect has no field for it. */
export const foreignInExtra = ({ enterprise_plan }: NovitaExtra): Foreign[] =>
  foreignFields({ enterprise_plan: enterprise_plan?.enabled === true }, 'extra');
