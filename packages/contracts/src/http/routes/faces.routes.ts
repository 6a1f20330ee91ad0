import {
  analyzeVideoAnswer,
  analyzeVideoRequest,
  faceSwapRequest,
  faceSwapVideoRequest,
} from '../faces.js';
import { makingJob } from './making.js';
import { requestId, upload } from './pictures.examples.js';
import type { ApiRoute, RouteExample } from './route.js';
import { json, needs } from './route.js';

const face = 'upl_01k9zq4hjkm8nvw5r2c7x3d6ek';
const job = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';
const film = 'https://example.com/a-walk.mp4';
const tag = 'Faces';

const consentMissing: RouteExample = {
  name: 'without the consent of the owner of the face',
  request: { headers: { 'x-request-id': requestId }, body: { image: upload, face } },
  answer: {
    status: 400,
    body: {
      type: '/docs/errors#consent-required',
      title: 'Consent for this face is needed',
      status: 400,
      detail:
        '/biometric_consent must be true: it says that the owner of the face agreed to this; without that agreement do not send it',
      instance: `urn:safelight:request:${requestId}`,
      code: 'CONSENT_REQUIRED',
      request_id: requestId,
      errors: [
        {
          pointer: '/biometric_consent',
          message:
            'must be true: it says that the owner of the face agreed to this; without that agreement do not send it',
        },
      ],
    },
  },
};

const paymentMissing: RouteExample = {
  name: 'before any payment',
  request: {
    headers: { 'x-request-id': requestId },
    body: { video: film, face: upload, biometric_consent: true, preview: true },
  },
  answer: {
    status: 402,
    body: {
      type: '/docs/errors#payment-required',
      title: 'A completed payment is needed first',
      status: 402,
      detail:
        'Face swaps in videos need completed payments of 100.00 USD first; this account has completed 0.00 USD. Buy credits with POST /api/v1/account/top-ups.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'PAYMENT_REQUIRED',
      request_id: requestId,
      payments_needed_usd: '100.00',
      payments_completed_usd: '0.00',
    },
  },
};

const notPublic =
  'the host is not a public one; use a name or an address that anybody on the internet can reach, and give the name no private address';
const privateAddress: RouteExample = {
  name: 'an address that is not public',
  request: { headers: { 'x-request-id': requestId }, body: { video: 'https://127.0.0.1/a.mp4' } },
  answer: {
    status: 422,
    body: {
      type: '/docs/errors#validation-error',
      title: 'The request does not fit its schema',
      status: 422,
      detail: `/video: ${notPublic}.`,
      instance: `urn:safelight:request:${requestId}`,
      code: 'VALIDATION_ERROR',
      request_id: requestId,
      errors: [{ pointer: '/video', message: notPublic }],
    },
  },
};

const accepted: RouteExample = {
  name: 'two uploads',
  given: 'an upload',
  credits: '491',
  request: { body: { image: upload, face, biometric_consent: true } },
  answer: {
    status: 202,
    body: {
      data: { id: job, status: 'pending' },
      meta: {
        poll_url: `/api/v1/jobs/${job}`,
        credits_remaining: '490',
        price: '1',
        eta_seconds: 1,
        eta_p90_seconds: 2,
        queue_position: 2,
        warnings: [
          {
            code: 'stand_in',
            message:
              'The result is a stand-in and no real face swap: the face lies posterised, hatched and outlined in an oval that says so.',
          },
        ],
      },
    },
    varies: ['/meta/eta_seconds', '/meta/eta_p90_seconds', '/meta/queue_position'],
  },
};

const swap: ApiRoute = {
  ...makingJob,
  path: '/api/v1/face-swap',
  operationId: 'faceSwap',
  tag,
  summary: 'The face of one image on another, with the consent of its owner',
  description:
    'The only model for it is a stand-in: it lays a posterised, hatched and outlined oval of the face over the largest face-like region, which nobody takes for a real swap. Where it finds none the job fails with engine.face_not_found. The output is checked at level 2, whatever moderation.level says.',
  access: needs('faces:write', { makesJob: true }),
  body: faceSwapRequest,
  ids: { '/image': 'upl', '/face': 'upl' },
  problems: [...makingJob.problems, 'CONSENT_REQUIRED'],
  examples: [accepted, consentMissing],
};

const analyze: ApiRoute = {
  method: 'POST',
  path: '/api/v1/face-swap-video/analyze',
  operationId: 'analyzeFaceSwapVideo',
  tag,
  summary: 'How long a video is, and what swapping a face in it costs',
  description:
    'Fetches the video, looks at its index and its first frame, and forgets it; charges nothing. It has to be an MP4 with one video in H.264, baseline profile, of at most 50 MB, 60 seconds and 1280 pixels a side.',
  access: needs('faces:write'),
  body: analyzeVideoRequest,
  answers: { 200: json('Length and price', analyzeVideoAnswer) },
  problems: ['UNSUPPORTED_MEDIA'],
  examples: [privateAddress],
};

const swapInVideo: ApiRoute = {
  ...makingJob,
  path: '/api/v1/face-swap-video',
  operationId: 'faceSwapVideo',
  tag,
  summary: 'A face on the faces of a video, with the consent of its owner',
  description:
    'Needs completed payments of 100 USD first, less what was given back or is disputed. Videos are those that analyze takes; `preview: true` swaps the first 5 seconds alone. The only model for it is a stand-in, as for face-swap; the result is an MP4 (H.264, at most 30 pictures a second, no sound).',
  access: needs('faces:write', { makesJob: true }),
  body: faceSwapVideoRequest,
  ids: { '/face': 'upl' },
  problems: [...makingJob.problems, 'CONSENT_REQUIRED', 'PAYMENT_REQUIRED', 'UNSUPPORTED_MEDIA'],
  examples: [paymentMissing],
};

export const faceRoutes: readonly ApiRoute[] = [swap, analyze, swapInVideo];
