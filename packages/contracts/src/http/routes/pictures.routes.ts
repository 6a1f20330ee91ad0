import { editRequest, upscaleRequest } from '../edit.js';
import { videoRequest } from '../video.js';
import { makingJob } from './making.js';
import { doubled, filmed, maskedEdit, tooLong, unsaidEdit } from './pictures.examples.js';
import type { ApiRoute } from './route.js';
import { needs } from './route.js';

const common = {
  ...makingJob,
  tag: 'Pictures',
  access: needs('jobs:write', { makesJob: true }),
} as const;

const edit: ApiRoute = {
  ...common,
  path: '/api/v1/edit',
  operationId: 'edit',
  summary: 'Repaint a part of an image: where a mask is white, or what the model finds',
  body: editRequest,
  ids: { '/image': 'upl', '/mask': 'upl' },
  examples: [maskedEdit, unsaidEdit],
};

const upscale: ApiRoute = {
  ...common,
  path: '/api/v1/upscale',
  operationId: 'upscale',
  summary: 'The same image, two or four times as wide and high',
  body: upscaleRequest,
  ids: { '/image': 'upl' },
  examples: [doubled],
};

const video: ApiRoute = {
  ...common,
  path: '/api/v1/video',
  operationId: 'makeVideo',
  summary: 'Make a video from text, or from text and its first image',
  description:
    'The result is an MP4 (H.264, no sound). How long, how fast and how large it may be says the model: see GET /api/v1/models.',
  body: videoRequest,
  ids: { '/image': 'upl' },
  examples: [filmed, tooLong],
};

export const pictureRoutes: readonly ApiRoute[] = [edit, upscale, video];
