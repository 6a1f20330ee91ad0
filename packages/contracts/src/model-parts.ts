import { z } from 'zod';

/** Samplers by the names that users of diffusion models know. */
export const samplers = [
  'Euler a',
  'Euler',
  'LMS',
  'Heun',
  'DPM2',
  'DPM2 a',
  'DPM++ 2S a',
  'DPM++ 2M',
  'DPM++ SDE',
  'DPM fast',
  'DPM adaptive',
  'LMS Karras',
  'DPM2 Karras',
  'DPM2 a Karras',
  'DPM++ 2S a Karras',
  'DPM++ 2M Karras',
  'DPM++ SDE Karras',
  'DDIM',
  'PLMS',
  'UniPC',
] as const;
export type Sampler = (typeof samplers)[number];

const weighted = { model: z.string(), strength: z.number().min(0).max(1) };

/**
 * What a job uses beside its model, by the names of the catalogue. In a job that uses none of it the
 * whole object is absent.
 */
export const modelParts = z.object({
  sampler: z.enum(samplers).optional(),
  /** How many of the text encoder's last layers are left out, from 1. */
  clipSkip: z.int().min(1).max(12).optional(),
  vae: z.string().optional(),
  loras: z.array(z.object(weighted)).optional(),
  embeddings: z.array(z.object({ model: z.string() })).optional(),
  /** In the order of the inputs of role `reference`. */
  ipAdapters: z.array(z.object(weighted)).optional(),
  /** In the order of the inputs of role `control`; start and end are shares of the steps, 0..1. */
  controls: z
    .array(
      z.object({
        ...weighted,
        preprocessor: z.string().optional(),
        start: z.number().min(0).max(1),
        end: z.number().min(0).max(1),
      }),
    )
    .optional(),
  /** What the engine calls those of them that it knows by another name, by their names here. */
  names: z.record(z.string(), z.string()).optional(),
});
export type ModelParts = z.infer<typeof modelParts>;

/** Which feature of a model each part needs: a field of a request by its name in the public API. */
const features = {
  sampler: 'sampler',
  clipSkip: 'clip_skip',
  vae: 'vae',
  loras: 'loras',
  embeddings: 'embeddings',
  ipAdapters: 'ip_adapters',
  controls: 'controlnet',
} as const satisfies Record<Exclude<keyof ModelParts, 'names'>, string>;

/** The features that a model must honour to make a job with these parts. */
export const featuresOf = (parts: ModelParts = {}): string[] =>
  Object.entries(features)
    .filter(([part]) => parts[part as keyof typeof features] !== undefined)
    .map(([, feature]) => feature);
