import type { GenerateRequest, ModelParts } from '@safelight/contracts';
import { featuresOf } from '@safelight/contracts';
import { contentOf } from '../catalogue/resolve-styles.js';
import { STRICTEST } from '../files/release-gate.js';
import { chooseSeed } from './seed.js';
import type { WantedJob } from './wanted-job.js';

type Body = Omit<GenerateRequest, 'quote_id'>;

const USUAL_SIDE = 1024;
const USUAL_GUIDANCE = 7;

/** An image from text, or from text and an image. */
export function generateJob(body: Body): WantedJob {
  const parts = partsOf(body);
  return {
    spec: {
      operation: 'generate',
      model: body.model ?? null,
      steps: body.steps ?? null,
      width: body.width ?? USUAL_SIDE,
      height: body.height ?? USUAL_SIDE,
      guidance: body.guidance ?? USUAL_GUIDANCE,
      images: body.n,
      seed: chooseSeed(body.seed),
      format: body.output.format,
      lane: body.priority,
      ...(body.visibility === 'public'
        ? { visibility: 'public' as const, moderationLevel: STRICTEST }
        : { moderationLevel: body.moderation.level }),
      strength: body.strength ?? null,
      ...given({ resolution: body.resolution, quality: body.quality, pool: body.pool }),
      ...(parts === undefined ? {} : { parts }),
    },
    guidanceOpen: body.guidance === undefined,
    words: contentOf(body),
    metadata: body.metadata,
    needs: featuresOf(parts),
    webhook: body.webhook,
    storage: body.output.storage?.s3,
  };
}

/** What a request uses beside its model; nothing where it uses none of it. */
export function partsOf(
  body: Pick<Body, 'sampler' | 'clip_skip' | 'vae'> &
    Pick<Body, 'loras' | 'embeddings' | 'ip_adapters' | 'controlnet'>,
): ModelParts | undefined {
  const { loras, embeddings, ip_adapters, controlnet } = body;
  const parts: ModelParts = {
    ...given({ sampler: body.sampler, clipSkip: body.clip_skip, vae: body.vae }),
    ...(loras.length === 0 ? {} : { loras }),
    ...(embeddings.length === 0 ? {} : { embeddings }),
    ...(ip_adapters.length === 0
      ? {}
      : { ipAdapters: ip_adapters.map(({ model, strength }) => ({ model, strength })) }),
    ...(controlnet === undefined ? {} : { controls: controlnet.units.map(controlOf) }),
  };
  return Object.keys(parts).length === 0 ? undefined : parts;
}

type Unit = NonNullable<Body['controlnet']>['units'][number];
const controlOf = ({ model, strength, preprocessor, guidance_start, guidance_end }: Unit) => ({
  ...{ model, strength, start: guidance_start, end: guidance_end },
  ...given({ preprocessor }),
});

/** Without the fields that nobody asked for: an event has no room for them. */
function given<Fields extends object>(fields: Fields) {
  const asked = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(asked) as { [Name in keyof Fields]?: NonNullable<Fields[Name]> };
}
