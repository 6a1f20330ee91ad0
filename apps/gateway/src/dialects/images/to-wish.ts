import type { ImagesGenerateRequest } from '@safelight/contracts';
import { requestWebhook } from '@safelight/contracts';
import type { Foreign, Wish } from '../dialect-submitter.js';
import { nativeDefaults } from '../native-request.js';

const SIDES = { '1k': 1024, '2k': 2048 } as const;

/** What the request of this dialect means to the native API. */
export function toWish(body: ImagesGenerateRequest): Wish {
  const settings = body.additional_settings ?? {};
  const { guidance, seed, steps } = nativeDefaults;
  return {
    notes: { dialect: 'images', model: body.model, detection: false },
    foreign: foreignIn(body),
    request: {
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
    },
  };
}

const webhookOf = ({ callback_url: url }: ImagesGenerateRequest) =>
  url === undefined ? undefined : requestWebhook.parse({ url });

function sizeOf({ size, image_width, image_height, resolution }: ImagesGenerateRequest) {
  if (size !== undefined) return size;
  const side = resolution === undefined ? undefined : SIDES[resolution];
  return {
    width: image_width ?? side ?? nativeDefaults.width,
    height: image_height ?? side ?? nativeDefaults.height,
  };
}

/** The client's own names of its end user, so that it finds the user's jobs again. */
function userOf({ user, safety_identifier }: ImagesGenerateRequest): Record<string, string> {
  return {
    ...(user === undefined ? {} : { user }),
    ...(safety_identifier === undefined ? {} : { safety_identifier }),
  };
}

const USUAL_QUALITIES = new Set(['auto', 'standard', 'medium']);

/** `moderation: low` asks for what the policy's floor is anyway; nothing goes below it. */
function foreignIn(body: ImagesGenerateRequest): Foreign[] {
  const isAsked = {
    quality: body.quality !== undefined && !USUAL_QUALITIES.has(body.quality),
    style: body.style !== undefined,
    background: body.background === 'transparent',
    output_compression: body.output_compression !== undefined,
  };
  return Object.entries(isAsked)
    .filter(([, asked]) => asked)
    .map(([field]) => ({ field, at: field }));
}
