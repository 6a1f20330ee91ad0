import {
  analyzeVideoAnswer,
  analyzeVideoRequest,
  faceSwapRequest,
  faceSwapVideoRequest,
} from '../faces.js';
import { acceptedAnswer } from '../job.js';
import { makingJob } from './making.js';
import { requestId, unserved, upload } from './pictures.examples.js';
import type { ApiRoute, RouteExample } from './route.js';
import { json, needs } from './route.js';

const face = 'upl_01k9zq4hjkm8nvw5r2c7x3d6ek';
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

const noVideoWorker: RouteExample = {
  name: 'where no worker on offer can open a video',
  request: { headers: { 'x-request-id': requestId }, body: { video: film } },
  answer: {
    status: 503,
    body: {
      type: '/docs/errors#gpu-unavailable',
      title: 'No worker can take this work now',
      status: 503,
      detail:
        'No worker on offer can open a video, so the one at example.com was not fetched; GET /api/v1/models tells what is on offer.',
      instance: `urn:safelight:request:${requestId}`,
      code: 'GPU_UNAVAILABLE',
      request_id: requestId,
    },
  },
};

const swap: ApiRoute = {
  ...makingJob,
  path: '/api/v1/face-swap',
  operationId: 'faceSwap',
  tag,
  summary: 'The face of one image on another, with the consent of its owner',
  access: needs('faces:write', { makesJob: true }),
  body: faceSwapRequest,
  ids: { '/image': 'upl', '/face': 'upl' },
  problems: [...makingJob.problems, 'CONSENT_REQUIRED'],
  examples: [
    unserved('face-swap', { image: upload, face, biometric_consent: true }),
    consentMissing,
  ],
};

const analyze: ApiRoute = {
  method: 'POST',
  path: '/api/v1/face-swap-video/analyze',
  operationId: 'analyzeFaceSwapVideo',
  tag,
  summary: 'How long a video is, and what swapping a face in it costs',
  description:
    'As long as no worker on offer can open a video this is refused with GPU_UNAVAILABLE, and the video is not fetched.',
  access: needs('faces:write'),
  body: analyzeVideoRequest,
  answers: { 200: json('Length and price', analyzeVideoAnswer) },
  problems: ['GPU_UNAVAILABLE'],
  examples: [noVideoWorker],
};

const swapInVideo: ApiRoute = {
  method: 'POST',
  path: '/api/v1/face-swap-video',
  operationId: 'faceSwapVideo',
  tag,
  summary: 'A face on the faces of a video, with the consent of its owner',
  description:
    'Needs completed payments of 100 USD first, less what was given back or is disputed. As long as no worker on offer can open a video this is then refused with GPU_UNAVAILABLE, and the video is not fetched.',
  access: needs('faces:write'),
  body: faceSwapVideoRequest,
  ids: { '/face': 'upl' },
  answers: { 202: json('The job is accepted', acceptedAnswer) },
  problems: ['CONSENT_REQUIRED', 'PAYMENT_REQUIRED', 'GPU_UNAVAILABLE'],
  examples: [paymentMissing],
};

export const faceRoutes: readonly ApiRoute[] = [swap, analyze, swapInVideo];
