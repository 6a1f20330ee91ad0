import type { NovitaTxt2img } from '@safelight/contracts';
import { requestWebhook } from '@safelight/contracts';
import type { Foreign, Wish } from '../dialect-submitter.js';
import { nativeDefaults } from '../native-request.js';

type Extra = NovitaTxt2img['extra'];
type Words = NovitaTxt2img['request'];

/** What `POST /v3/async/txt2img` means to the native API. */
export function txt2imgToWish({ extra, request }: NovitaTxt2img): Wish {
  return {
    notes: notesOf(extra, request),
    foreign: [...foreignInExtra(extra), ...foreignIn(request)],
    request: {
      ...nativeDefaults,
      prompt: request.prompt,
      negative_prompt: request.negative_prompt,
      width: request.width,
      height: request.height,
      n: request.image_num,
      steps: request.steps,
      guidance: request.guidance_scale,
      seed: request.seed,
      output: { ...nativeDefaults.output, format: extra.response_image_type },
      moderation: { level: extra.nsfw_detection_level },
      webhook: webhookOf(extra),
    },
  };
}

const notesOf = ({ enable_nsfw_detection }: Extra, { model_name }: Words): Wish['notes'] => ({
  dialect: 'novita',
  model: model_name,
  detection: enable_nsfw_detection,
});

const mockStatuses = { TASK_STATUS_SUCCEED: 'completed', TASK_STATUS_FAILED: 'failed' } as const;

function webhookOf({ webhook }: Extra) {
  if (webhook === undefined) return undefined;
  const { url, test_mode: { enabled, return_task_status } = NO_TEST } = webhook;
  const return_status = mockStatuses[return_task_status];
  return requestWebhook.parse({ url, test_mode: { enabled, return_status } });
}
const NO_TEST = { enabled: false, return_task_status: 'TASK_STATUS_SUCCEED' } as const;

function foreignInExtra({ enterprise_plan }: Extra): Foreign[] {
  return asked('extra', { enterprise_plan: enterprise_plan?.enabled === true });
}

function foreignIn(request: Words): Foreign[] {
  return asked('request', {
    sampler_name: request.sampler_name !== undefined,
    clip_skip: request.clip_skip !== undefined,
    sd_vae: (request.sd_vae ?? '') !== '',
    loras: request.loras.length > 0,
    embeddings: request.embeddings.length > 0,
    hires_fix: request.hires_fix !== undefined,
    refiner: request.refiner !== undefined,
    restore_faces: request.restore_faces,
    enable_transparent_background: request.enable_transparent_background,
  });
}

const asked = (part: string, fields: Readonly<Record<string, boolean>>): Foreign[] =>
  Object.entries(fields)
    .filter(([, isAsked]) => isAsked)
    .map(([field]) => ({ field, at: `${part}.${field}` }));
