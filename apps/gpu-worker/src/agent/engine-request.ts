import type { JobContent, JobSpec, ModelParts } from '@safelight/contracts';
import type { EngineModel, EngineRequest } from '../engine/engine.js';
import { InputBroken, type Pictures } from './inputs.js';

/**
 * One picture of a job, or one video, in the engine's own terms.
 *
 * @param seed of this picture, an unsigned 32-bit integer
 * @throws InputBroken when a part came without its picture
 */
export function engineRequest(
  spec: JobSpec,
  { prompt, negativePrompt }: Pick<EngineRequest, 'prompt' | 'negativePrompt'>,
  pictures: Pictures,
  seed: number,
): EngineRequest {
  const { operation, model, width, height, steps, guidance, format } = spec;
  const { automask, strength, scale, seconds, fps } = spec;
  const { image, mask, face, video } = pictures;
  return {
    ...{ operation, model, prompt, negativePrompt },
    ...{ width, height, steps, guidance, seed, format },
    ...given({ image, mask, face, video }),
    ...given({ automask, strength, scale, seconds, fps }),
    ...partsOf(spec.parts, pictures),
  };
}

/**
 * The words for a model. To one without a negative prompt a style's is of no use and no reason to
 * fail; the customer's own is left in, for the engine to refuse rather than to pass over.
 */
export function wordsFor(
  { prompt, negativePrompt, asked }: Pick<JobContent, 'prompt' | 'negativePrompt' | 'asked'>,
  model: Pick<EngineModel, 'withoutNegative'> | undefined,
): Pick<EngineRequest, 'prompt' | 'negativePrompt'> {
  if (model?.withoutNegative !== true) return { prompt, negativePrompt };
  return { prompt, negativePrompt: asked?.negativePrompt ?? negativePrompt };
}

type Parts = Pick<
  EngineRequest,
  'sampler' | 'clipSkip' | 'vae' | 'loras' | 'embeddings' | 'references' | 'controls'
>;

/** What is used beside the model, by the names that the engine has for it. */
function partsOf(parts: ModelParts = {}, { references = [], controls = [] }: Pictures): Parts {
  const { sampler, clipSkip, vae, loras, embeddings, names = {} } = parts;
  const called = (name: string) => (Object.hasOwn(names, name) ? (names[name] ?? name) : name);
  const renamed = <Part extends { model: string }>(part: Part): Part => ({
    ...part,
    model: called(part.model),
  });
  return {
    ...given({ sampler, clipSkip, vae: vae === undefined ? undefined : called(vae) }),
    ...given({ loras: loras?.map(renamed) }),
    ...given({ embeddings: embeddings?.map((embedding) => called(embedding.model)) }),
    ...given({
      references: parts.ipAdapters?.map((part, at) => withPicture(renamed(part), references[at])),
      controls: parts.controls?.map((unit, at) => withPicture(renamed(unit), controls[at])),
    }),
  };
}

function withPicture<Part extends object>(part: Part, image: Buffer | undefined) {
  if (image !== undefined) return { ...part, image };
  throw new InputBroken({ cause: 'a part of the model came without its picture' });
}

type Given<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> };

/** Without the fields that the job has nothing for. */
const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Given<Fields>;
