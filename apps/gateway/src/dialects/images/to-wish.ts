import type { ImagesEditRequest, ImagesGenerateRequest } from '@safelight/contracts';
import { requestWebhook } from '@safelight/contracts';
import { generateJob } from '../../jobs/generate-job.js';
import { nativeDefaults } from '../native-request.js';
import { foreignFields, type Foreign, type Wish } from '../wish.js';

const SIDES = { '1k': 1024, '2k': 2048 } as const;

/** What `POST /v1/images/generations` means to the native API. */
export function generationToWish(body: ImagesGenerateRequest): Wish {
  const settings = body.additional_settings ?? {};
  const { guidance, seed, steps } = nativeDefaults;
  const request = {
    ...nativeDefaults,
    prompt: body.prompt,
    negative_prompt: settings.negative_prompt ?? '',
    ...sizeOf(body),
    n: body.n ?? nativeDefaults.n,
    steps: settings.steps ?? steps,
    guidance: settings.guidance ?? guidance,
    seed: settings.seed ?? seed,
    output: { ...nativeDefaults.output, format: body.output_format ?? 'png' },
    styles: settings.styles ?? [],
    webhook: webhookOf(body),
    metadata: userOf(body),
  };
  return {
    notes: { dialect: 'images', model: body.model, detection: false },
    foreign: [...foreignIn(body), ...foreignFields({ style: body.style !== undefined })],
    ...{ operation: 'generate', optional: [], pictures: [] },
    job: () => generateJob(request),
  };
}

const webhookOf = ({ callback_url: url }: ImagesGenerateRequest) =>
  url === undefined ? undefined : requestWebhook.parse({ url });

function sizeOf({ size, image_width, image_height, resolution }: ImagesGenerateRequest) {
  if (size !== undefined) return size;
  const side = resolution === undefined ? undefined : SIDES[resolution];
  return {
    width: image_width ?? side,
    height: image_height ?? side,
  };
}

type Either = ImagesGenerateRequest | ImagesEditRequest;

/** The client's own names of its end user, so that it finds the user's jobs again. */
export function userOf({ user, safety_identifier }: Either): Record<string, string> {
  return {
    ...(user === undefined ? {} : { user }),
    ...(safety_identifier === undefined ? {} : { safety_identifier }),
  };
}

const USUAL_QUALITIES = new Set(['auto', 'standard', 'medium']);

/** `moderation: low` asks for what the policy's floor is anyway; nothing goes below it. */
export const foreignIn = (body: Either): Foreign[] =>
  foreignFields({
    quality: body.quality !== undefined && !USUAL_QUALITIES.has(body.quality),
    background: body.background === 'transparent',
    output_compression: body.output_compression !== undefined,
  });
