import type { NovitaExtra } from '@safelight/contracts';
import { foreignFields, type Foreign } from '../wish.js';

/** Fields of requests that no model here honours, and the values that ask for nothing. */
const idle: Readonly<Record<string, (value: unknown) => boolean>> = {
  sampler_name: () => false,
  clip_skip: () => false,
  sd_vae: (value) => value === '',
  loras: (value) => isEmpty(value),
  embeddings: (value) => isEmpty(value),
  controlnet: (value) => isEmpty((value as { units: unknown }).units),
  ip_adapters: (value) => isEmpty(value),
  hires_fix: () => false,
  refiner: () => false,
  restore_faces: (value) => value === false,
  enable_transparent_background: (value) => value === false,
  mask_blur: (value) => value === 0,
  inpainting_full_res: (value) => value === 0,
  inpainting_full_res_padding: (value) => value === 0,
  initial_noise_multiplier: (value) => value === 1,
};

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

export function foreignInWords(request: object): Foreign[] {
  const fields = new Map(Object.entries(request));
  const isAsked = (name: string, isIdle: (value: unknown) => boolean) => {
    const value: unknown = fields.get(name);
    return value !== undefined && !isIdle(value);
  };
  return foreignFields(
    Object.fromEntries(Object.entries(idle).map(([name, isIdle]) => [name, isAsked(name, isIdle)])),
    'request',
  );
}

/** Dedicated pools are not on offer yet. */
export const foreignInExtra = ({ enterprise_plan }: NovitaExtra): Foreign[] =>
  foreignFields({ enterprise_plan: enterprise_plan?.enabled === true }, 'extra');
