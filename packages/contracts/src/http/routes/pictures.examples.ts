import type { RouteExample } from './route.js';

const id = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';
/** The id of an upload in examples that are given one. */
export const upload = 'upl_01k9zq4hjkm8nvw5r2c7x3d6ej';
export const requestId = '5f0f3c7e-8f4b-4c36-9a57-0f6f3f1f2b11';

const accepted = (price: string, creditsRemaining: string): RouteExample['answer'] => ({
  status: 202,
  body: {
    data: { id, status: 'pending' },
    meta: {
      poll_url: `/api/v1/jobs/${id}`,
      credits_remaining: creditsRemaining,
      price,
      eta_seconds: 4,
      eta_p90_seconds: 6,
      queue_position: 2,
    },
  },
  varies: ['/meta/eta_seconds', '/meta/eta_p90_seconds', '/meta/queue_position'],
});

export const maskedEdit: RouteExample = {
  name: 'an upload, where a mask is white',
  given: 'an upload',
  credits: '491',
  request: {
    body: {
      prompt: 'a red fox in the snow',
      image: upload,
      mask: 'upl_01k9zq4hjkm8nvw5r2c7x3d6ek',
      steps: 4,
    },
  },
  answer: accepted('1', '490'),
};

export const unsaidEdit: RouteExample = {
  name: 'neither a mask nor automask',
  request: {
    headers: { 'x-request-id': requestId },
    body: { prompt: 'a red fox in the snow', image: upload },
  },
  answer: {
    status: 422,
    body: {
      type: '/docs/errors#validation-error',
      title: 'The request does not fit its schema',
      status: 422,
      detail:
        '/mask say what to repaint: add mask (PNG, white = repaint), or automask: subject or background',
      instance: `urn:safelight:request:${requestId}`,
      code: 'VALIDATION_ERROR',
      request_id: requestId,
      errors: [
        {
          pointer: '/mask',
          message:
            'say what to repaint: add mask (PNG, white = repaint), or automask: subject or background',
        },
      ],
    },
  },
};

export const doubled: RouteExample = {
  name: 'an upload, twice as wide and high',
  given: 'an upload',
  credits: '491',
  request: { body: { image: upload, scale: 2 } },
  answer: accepted('0.5', '490.5'),
};

export const filmed: RouteExample = {
  name: 'four seconds that begin with an upload',
  given: 'an upload',
  credits: '491',
  request: { body: { prompt: 'waves on a beach', image: upload, seconds: 4, steps: 2 } },
  answer: accepted('4', '487'),
};

export const tooLong: RouteExample = {
  name: 'longer than the model makes',
  request: {
    headers: { 'x-request-id': requestId },
    body: { prompt: 'waves on a beach', seconds: 11, model: 'builtin/cinema' },
  },
  answer: {
    status: 422,
    body: {
      type: '/docs/errors#validation-error',
      title: 'The request does not fit its schema',
      status: 422,
      detail: '/seconds is beyond what this model does; at most 10',
      instance: `urn:safelight:request:${requestId}`,
      code: 'VALIDATION_ERROR',
      request_id: requestId,
      errors: [{ pointer: '/seconds', message: 'is beyond what this model does; at most 10' }],
    },
  },
};

/** What no model on offer does is refused with what is on offer. */
export const unserved = (
  operation: string,
  body: Readonly<Record<string, unknown>>,
): RouteExample => {
  const message = `is not on offer for ${operation}: no model does that; what is on offer does generate, edit, upscale, video`;
  return {
    name: 'where no model on offer does this',
    given: 'an upload',
    request: { headers: { 'x-request-id': requestId }, body },
    answer: {
      status: 422,
      body: {
        type: '/docs/errors#validation-error',
        title: 'The request does not fit its schema',
        status: 422,
        detail: `/model ${message}`,
        instance: `urn:safelight:request:${requestId}`,
        code: 'VALIDATION_ERROR',
        request_id: requestId,
        errors: [{ pointer: '/model', message }],
      },
      varies: ['/detail', '/errors/0/message'],
    },
  };
};
