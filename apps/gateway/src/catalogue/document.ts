import {
  jobOperation,
  partKinds,
  qualityHint,
  REFUSED_NAME_MESSAGE,
  refusedWordIn,
  resolutionHint,
  samplers,
} from '@safelight/contracts';
import { z } from 'zod';

/** Fields of a request that only some models honour, and that a model of the catalogue may name. */
export const optionalFields = [
  ...(['sampler', 'clip_skip', 'vae', 'loras', 'embeddings', 'ip_adapters', 'controlnet'] as const),
] as const;
export type OptionalField = (typeof optionalFields)[number];

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._+/()&-]*$/u;
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(NAME, 'must begin with a letter or digit and have only letters, digits and " ._+/()&-"');
/** The catalogue is told to everybody: floor rule F2 holds for every word of it. */
const served = <Text extends z.ZodType<string>>(text: Text) =>
  text.refine((value) => refusedWordIn(value) === undefined, REFUSED_NAME_MESSAGE);

const base = served(
  z
    .string()
    .max(64)
    .regex(/^[a-z0-9][a-z0-9._-]*$/, 'must be lower case, as sdxl, sd1.5 or flux.1'),
);
const pixels = z.int().min(8).max(16_384);
const steps = z.int().min(1).max(100);
const share = z.number().min(0).max(1);
const day = z.iso.datetime({ offset: true, error: 'must be a time like 2026-11-21T00:00:00Z' });

/** What anything in the catalogue says of itself. */
const described = {
  name: served(name),
  description: served(z.string().min(1).max(1_000)),
  /** What may be made with it: nothing beside what everybody may see is served here. */
  content_class: z.literal('general', 'must be general: no other class is served'),
  licence: z.string().min(1).max(200).nullable().default(null),
  /** Where it came from, as `civitai`; and the digest of its file. */
  source: served(z.string().max(64)).nullable().default(null),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .nullable()
    .default(null),
  /** GPU memory that it needs, in bytes, where somebody measured it. */
  vram_bytes: z.int().min(0).nullable().default(null),
};

const limits = z.strictObject({
  min_width: pixels.default(64),
  min_height: pixels.default(64),
  max_width: pixels.nullable().default(null),
  max_height: pixels.nullable().default(null),
  /** Width times height. */
  max_pixels: z.int().min(64).nullable().default(null),
  min_steps: steps.default(1),
  max_steps: steps.default(100),
  /** Most images of one request. */
  max_images: z.int().min(1).max(8).default(8),
  /** The samplers that it draws well with; all that its engine has, where nothing is said. */
  samplers: z.array(z.enum(samplers)).min(1).nullable().default(null),
});

const model = z.strictObject({
  ...described,
  /** What its workers say of it, where nothing stands here. */
  description: described.description.nullable().default(null),
  base,
  /** What it may be asked for; all that its workers do, where nothing stands here. */
  operations: z.array(jobOperation).min(1).nullable().default(null),
  limits: limits.prefault({}),
  /** What a request gets that does not say. */
  defaults: z
    .strictObject({
      steps: steps.nullable().default(null),
      guidance: z.number().min(1).max(30).nullable().default(null),
      sampler: z.enum(samplers).nullable().default(null),
      strength: share.nullable().default(null),
    })
    .prefault({}),
  /** Fields that it may be asked for, if its engine honours them too. */
  features: z.array(z.enum(optionalFields)),
  price_class: z.string().max(64).nullable().default(null),
  /** The size that each value of `resolution` means; only what is here may be asked for. */
  resolutions: z
    .partialRecord(resolutionHint, z.strictObject({ width: pixels, height: pixels }))
    .default({}),
  /** The steps that each value of `quality` means. */
  qualities: z.partialRecord(qualityHint, z.strictObject({ steps })).default({}),
  deprecation: z
    .strictObject({
      deprecated_at: day,
      /** From then on it is refused. */
      sunset_at: day,
      successor: name,
    })
    .nullable()
    .default(null),
});
export type CatalogueModel = z.output<typeof model>;

const part = z.strictObject({
  ...described,
  kind: z.enum(partKinds),
  /** The bases of the models that it fits. */
  bases: z.array(base).min(1),
  /** What engines call it, where that is not its name: `ink_v3.safetensors`. */
  engine_name: served(z.string().min(1).max(300)).nullable().default(null),
  /** Of a ControlNet: what can be made of its image first, by the names that engines know. */
  preprocessors: z.array(served(z.string().min(1).max(64))).default([]),
});
export type CataloguePart = z.output<typeof part>;

/** What a deployment's models and the parts beside them are. Version 1. */
export const catalogueDocument = z
  .strictObject({ version: z.literal(1), models: z.array(model), parts: z.array(part).default([]) })
  .superRefine((document, context) => {
    for (const { path, message } of contradictionsIn(document)) {
      context.addIssue({ code: 'custom', path, message });
    }
  });
export type CatalogueDocument = z.output<typeof catalogueDocument>;

interface Contradiction {
  readonly path: (string | number)[];
  readonly message: string;
}

type Parsed = Readonly<{ models: CatalogueModel[]; parts: CataloguePart[] }>;

/** What each entry may say for itself, and what cannot be true together. */
function contradictionsIn({ models, parts }: Parsed): Contradiction[] {
  const bases = new Set(models.map((one) => one.base));
  return [
    ...twice('models', models),
    ...twice('parts', parts),
    ...models.flatMap((one, at) => ofModel(one, at, models)),
    ...parts.flatMap((one, at) => ofPart(one, at, bases)),
  ];
}

function twice(list: 'models' | 'parts', entries: readonly { name: string }[]): Contradiction[] {
  const names = entries.map((entry) => entry.name);
  return names.flatMap((own, at) =>
    names.indexOf(own) === at
      ? []
      : [{ path: [list, at, 'name'], message: `is there twice: ${own}; give each its own name` }],
  );
}

function ofModel(one: CatalogueModel, at: number, models: readonly CatalogueModel[]) {
  const found: Contradiction[] = [];
  const add = (path: string[], message: string) =>
    found.push({ path: ['models', at, ...path], message });
  const { deprecation, defaults, features, limits: most } = one;
  if (deprecation !== null) {
    const { successor, deprecated_at, sunset_at } = deprecation;
    if (successor === one.name || !models.some((other) => other.name === successor)) {
      add(
        ['deprecation', 'successor'],
        `must be another model of this catalogue; ${successor} is not`,
      );
    }
    if (Date.parse(sunset_at) <= Date.parse(deprecated_at)) {
      add(['deprecation', 'sunset_at'], 'must be after deprecated_at: leave clients some time');
    }
  }
  if (defaults.sampler !== null && !features.includes('sampler')) {
    add(['defaults', 'sampler'], 'needs "sampler" among the features; add it, or leave this out');
  }
  if (defaults.sampler !== null && most.samplers?.includes(defaults.sampler) === false) {
    add(['defaults', 'sampler'], 'must be among limits.samplers');
  }
  if (
    defaults.steps !== null &&
    (defaults.steps < most.min_steps || defaults.steps > most.max_steps)
  )
    add(
      ['defaults', 'steps'],
      `must be from ${most.min_steps} to ${most.max_steps}, its own limits`,
    );
  return found;
}

function ofPart(one: CataloguePart, at: number, bases: ReadonlySet<string>): Contradiction[] {
  const path = ['parts', at];
  const message = (wrong: string) =>
    `is the base of no model here: ${wrong}; the models have ${[...bases].join(', ')}`;
  const unknown = one.bases.flatMap((wrong, index) =>
    bases.has(wrong) ? [] : [{ path: [...path, 'bases', index], message: message(wrong) }],
  );
  if (one.kind === 'controlnet' || one.preprocessors.length === 0) return unknown;
  return [...unknown, { path: [...path, 'preprocessors'], message: 'are for a controlnet alone' }];
}
