import { z } from 'zod';
import { uploadId } from '../../scalars.js';
import { uploadAnswer, uploadRequest } from '../uploads.js';
import type { ApiRoute } from './route.js';
import { json, needs } from './route.js';

const params = z.object({ id: uploadId.meta({ description: 'The id of an upload' }) });
const common = { tag: 'Uploads', access: needs('jobs:write') } as const;
const id = 'upl_01k9zq4hjkm8nvw5r2c7x3d6ej';

/** An upload as the examples show it: a small blue square. */
const example = {
  id,
  media_type: 'image/png',
  width: 8,
  height: 8,
  bytes: 95,
  created_at: '2026-11-21T12:00:00.000Z',
  expires_at: '2026-12-21T12:00:00.000Z',
};
const square =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEUlEQVQI12NwKV+FFTEMLQkAxkZZQVDzmJ8AAAAASUVORK5CYII=';

const answered = (status: number) => ({ status, body: { data: example, meta: {} } });
/** What is given is larger than the square. */
const size = ['/data/width', '/data/height', '/data/bytes'];

const make: ApiRoute = {
  ...common,
  method: 'POST',
  path: '/api/v1/uploads',
  operationId: 'makeUpload',
  summary: 'Keep an image for 30 days, to be used by many jobs',
  description:
    'Send the image itself with its media type (at most 10 MB and 16 megapixels), or in JSON as base64 (3.4 MB) or https URL. It is drawn anew, without its metadata. An account has at most 1,000 at a time.',
  body: uploadRequest,
  otherBodies: { 'image/png': null, 'image/jpeg': null, 'image/webp': null },
  answers: { 201: json('The upload', uploadAnswer) },
  problems: ['CONFLICT'],
  examples: [
    {
      name: 'a small PNG',
      request: { body: { image: square } },
      answer: { ...answered(201), varies: ['/data/bytes'] },
    },
  ],
};

const get: ApiRoute = {
  ...common,
  method: 'GET',
  path: '/api/v1/uploads/{id}',
  operationId: 'getUpload',
  summary: 'An upload: its size, and until when it is kept',
  params,
  answers: { 200: json('The upload', uploadAnswer) },
  examples: [
    {
      name: 'an upload',
      given: 'an upload',
      request: { path: { id } },
      answer: { ...answered(200), varies: size },
    },
  ],
};

const remove: ApiRoute = {
  ...common,
  method: 'DELETE',
  path: '/api/v1/uploads/{id}',
  operationId: 'deleteUpload',
  summary: 'Delete an upload at once; jobs have copies of their own',
  params,
  answers: { 200: json('The upload as it was', uploadAnswer) },
  examples: [
    {
      name: 'an upload',
      given: 'an upload',
      request: { path: { id } },
      answer: { ...answered(200), varies: size },
    },
  ],
};

export const uploadRoutes: readonly ApiRoute[] = [make, get, remove];
