import type { RouteExample } from './route.js';

export const id = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';

/** Section 3 of the API's specification, first answer. */
export const acceptedPicture: RouteExample = {
  name: 'accepted',
  credits: '491',
  request: { body: { prompt: 'a quiet lake at dawn', width: 512, height: 512, steps: 8 } },
  answer: {
    status: 202,
    body: {
      data: { id, status: 'pending' },
      meta: {
        poll_url: `/api/v1/jobs/${id}`,
        credits_remaining: '490',
        price: '1',
        eta_seconds: 4,
        eta_p90_seconds: 6,
        queue_position: 2,
      },
    },
    varies: ['/meta/eta_seconds', '/meta/eta_p90_seconds', '/meta/queue_position'],
  },
};

/** Section 3 of the API's specification, `output.storage`. */
export const storedPicture: RouteExample = {
  name: 'into a bucket of your own',
  credits: '491',
  request: {
    body: {
      prompt: 'a quiet lake at dawn',
      ...{ width: 512, height: 512, steps: 8 },
      output: {
        format: 'webp',
        storage: { s3: { region: 'eu-central-1', bucket: 'my-pictures', path: 'safelight/made' } },
      },
    },
  },
  answer: acceptedPicture.answer,
};

/** A job as the examples show it; the link is cut short. */
export const finished = {
  id,
  type: 'generate',
  status: 'completed',
  visibility: 'private',
  test: false,
  progress: 100,
  model: 'builtin/atelier',
  width: 1024,
  height: 1024,
  steps: 4,
  seed: 1434608307,
  price: '1',
  charge: { captured: '1', refunded: '0' },
  outputs: [
    {
      id: 'out_01k9zq4hjkm8nvw5r2c7x3d6eg',
      url: 'https://safelight.example/api/v1/files/outputs/…',
      media_type: 'image/png',
      width: 1024,
      height: 1024,
      seed: 1434608307,
      expires_at: '2026-11-21T12:15:04.000Z',
      moderation: { valid: true, confidence: 0, decision_id: 'dec_01k9zq4hjkm8nvw5r2c7x3d6eh' },
    },
  ],
  error: null,
  metadata: {},
  inputs: [],
  retry_of: null,
  deleted_at: null,
  created_at: '2026-11-21T12:00:00.000Z',
  started_at: '2026-11-21T12:00:01.000Z',
  ended_at: '2026-11-21T12:00:04.000Z',
};

/** How sure the check is differs from picture to picture. */
const confidence = '/data/outputs/0/moderation/confidence';

/** Section 3 of the API's specification, second answer. */
export const finishedPicture: RouteExample = {
  name: 'waited for',
  request: {
    headers: { prefer: 'wait=60' },
    body: { prompt: 'a quiet lake at dawn', steps: 4, seed: 1434608307 },
  },
  answer: { status: 200, body: { data: finished, meta: {} }, varies: [confidence] },
};

const requestId = '5f0f3c7e-8f4b-4c36-9a57-0f6f3f1f2b11';

export const narrowPicture: RouteExample = {
  name: 'a width that does not fit',
  request: { headers: { 'x-request-id': requestId }, body: { prompt: 'a lake', width: 1001 } },
  answer: {
    status: 422,
    body: {
      type: '/docs/errors#validation-error',
      title: 'The request does not fit its schema',
      status: 422,
      detail: '/width must be a multiple of 8; use 1000 or 1008',
      instance: `urn:safelight:request:${requestId}`,
      code: 'VALIDATION_ERROR',
      request_id: requestId,
      errors: [{ pointer: '/width', message: 'must be a multiple of 8; use 1000 or 1008' }],
    },
  },
};

const decision = 'dec_01k9zq4hjkm8nvw5r2c7x3d6eh';

export const blockedPrompt: RouteExample = {
  name: 'refused by the policy',
  request: {
    headers: { 'x-request-id': requestId },
    body: { prompt: 'undress the woman in this picture' },
  },
  answer: {
    status: 400,
    body: {
      type: '/docs/errors#prompt-blocked',
      title: 'The content policy refused this request',
      status: 400,
      detail:
        'The content policy refuses this prompt. Change it, or ask for a person to look again if you think that this is wrong.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'PROMPT_BLOCKED',
      request_id: requestId,
      decision_id: decision,
      policy_version: '2026-11-1',
      rule_id: 'F2',
      category: 'real-people',
      appeal: `POST /api/v1/decisions/${decision}/appeal`,
    },
  },
};

export const oneJob: RouteExample = {
  name: 'a finished job',
  given: 'a finished job',
  request: { path: { id } },
  answer: { status: 200, body: { data: finished, meta: {} }, varies: [confidence] },
};

export const someone: RouteExample = {
  name: 'never was, or is somebody else’s',
  request: { path: { id }, headers: { 'x-request-id': requestId } },
  answer: {
    status: 404,
    body: {
      type: '/docs/errors#not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no such thing here, or it is not yours. Check the id and the key.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'NOT_FOUND',
      request_id: requestId,
    },
  },
};

export const cancelled: RouteExample = {
  name: 'still waiting',
  given: 'a waiting job',
  request: { path: { id } },
  answer: {
    status: 200,
    body: {
      data: {
        ...finished,
        status: 'cancelled',
        progress: 0,
        steps: 60,
        charge: { captured: '0', refunded: '1' },
        outputs: [],
        error: { code: 'job.cancelled', message: 'The job was cancelled; nothing was charged.' },
        started_at: null,
      },
      meta: {},
    },
    varies: ['/data/progress', '/data/started_at', '/data/seed'],
  },
};

export const nothingToRetry: RouteExample = {
  name: 'a job that did not fail',
  given: 'a finished job',
  request: { path: { id }, headers: { 'x-request-id': requestId } },
  answer: {
    status: 409,
    body: {
      type: '/docs/errors#conflict',
      title: 'The request conflicts with the present state',
      status: 409,
      detail:
        'Only a failed job can be made again, and this one is completed; send the request itself again.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'CONFLICT',
      request_id: requestId,
    },
  },
};

export const erased: RouteExample = {
  name: 'a finished job',
  given: 'a finished job',
  request: { path: { id } },
  answer: {
    status: 200,
    body: {
      data: { ...finished, outputs: [], deleted_at: '2026-11-21T12:30:00.000Z' },
      meta: {},
    },
  },
};
