import { id } from './jobs.examples.js';
import type { RouteExample } from './route.js';

export const explainedCharge: RouteExample = {
  name: 'a finished job',
  given: 'a finished job',
  request: { path: { id } },
  answer: {
    status: 200,
    body: {
      data: {
        job_id: id,
        test: false,
        price: '1',
        price_version: 'price-book-3',
        lines: [
          {
            ...{ rule: 'image', what: 'generate builtin/atelier 1024x1024' },
            ...{ quantity: 1, unit: '1', amount: '1' },
          },
        ],
        used: {
          gpu_ms: 1650,
          attempts: [{ attempt: 1, end: 'completed', gpu_ms: 1650, event: 6 }],
        },
        hold: { entry: 2, event: 3, at: '2026-11-21T12:00:00.000Z', amount: '1' },
        settlement: {
          ...{ entry: 3, at: '2026-11-21T12:00:02.000Z', type: 'capture', reason: null, event: 8 },
          ...{ captured: '1', refunded: '0', images: { delivered: 1, asked: 1 } },
        },
      },
      meta: {},
    },
    varies: ['/data/used', '/data/hold/entry', '/data/settlement/entry', '/data/settlement/event'],
  },
};
