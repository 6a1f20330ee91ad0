import { z } from 'zod';
import type { ApiRoute } from './route.js';

export const fileRoutes: readonly ApiRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/files/{path}',
    operationId: 'getFile',
    tag: 'Jobs',
    summary: 'An output, against its signed link',
    description:
      'Links stand in jobs (`outputs[].url`), need no key and hold for 15 minutes. An altered or expired one is refused with FORBIDDEN: read the job again for a fresh one. A link to a file that was deleted since answers GONE.',
    access: 'public',
    // The link is signed as a whole: a parameter more or less breaks its signature.
    openQuery: true,
    params: z.object({ path: z.string().meta({ description: 'May hold slashes' }) }),
    answers: {
      200: {
        description: 'The file',
        content: {
          'image/png': null,
          'image/jpeg': null,
          'image/webp': null,
          'video/mp4': null,
        },
      },
      206: {
        description: 'The part that a `Range` header with one range asks for',
        content: {
          'image/png': null,
          'image/jpeg': null,
          'image/webp': null,
          'video/mp4': null,
        },
      },
    },
    problems: ['FORBIDDEN', 'GONE'],
  },
];
