import { feedAnswer, feedQuery } from '../feed.js';
import { quoteAnswer, quoteRequest } from '../quotes.js';
import type { ApiRoute, RouteExample } from './route.js';
import { json, needs } from './route.js';

const smallPicture: RouteExample = {
  name: 'a small picture',
  request: {
    body: {
      operation: 'generate',
      request: { prompt: 'a quiet lake at dawn', width: 512, height: 512, steps: 8 },
    },
  },
  answer: {
    status: 201,
    body: {
      data: {
        id: 'qte_01k9zq4hjkm8nvw5r2c7x3d6ef',
        operation: 'generate',
        model: 'builtin/atelier',
        steps: 8,
        price: '1',
        lines: [
          {
            ...{ rule: 'image', what: 'generate builtin/atelier 512x512' },
            ...{ quantity: 1, unit: '1', amount: '1' },
          },
        ],
        price_version: 'price-book-3',
        policy: { verdict: 'pass' },
        queue_position: 2,
        eta_seconds: 4,
        eta_p90_seconds: 6,
        expires_at: '2026-11-21T12:10:00.000Z',
      },
      meta: {},
    },
    varies: ['/data/queue_position', '/data/eta_seconds', '/data/eta_p90_seconds'],
  },
};

const largerPicture: RouteExample = {
  name: 'an upload, twice as wide and high',
  given: 'an upload',
  request: {
    body: {
      operation: 'upscale',
      request: { image: 'upl_01k9zq4hjkm8nvw5r2c7x3d6ef', priority: 'batch' },
    },
  },
  answer: {
    status: 201,
    body: {
      data: {
        id: 'qte_01k9zq4hjkm8nvw5r2c7x3d6ef',
        operation: 'upscale',
        model: 'builtin/lanczos',
        steps: 6,
        price: '0.4',
        lines: [
          {
            ...{ rule: 'upscaled-image', what: 'upscale builtin/lanczos 512x512' },
            ...{ quantity: 1, unit: '0.5', amount: '0.5' },
          },
          {
            ...{ rule: 'lane:batch', what: 'batch lane, 20 % off' },
            ...{ quantity: 1, unit: '-0.1', amount: '-0.1' },
          },
        ],
        price_version: 'price-book-3',
        policy: { verdict: 'pass' },
        queue_position: 2,
        eta_seconds: 4,
        eta_p90_seconds: 6,
        expires_at: '2026-11-21T12:10:00.000Z',
      },
      meta: {},
    },
    varies: ['/data/queue_position', '/data/eta_seconds', '/data/eta_p90_seconds'],
  },
};

const quote: ApiRoute = {
  method: 'POST',
  path: '/api/v1/quotes',
  operationId: 'makeQuote',
  tag: 'Quotes',
  summary: 'Ask what a request would cost and be told; nothing is charged',
  description:
    'The same request with the quote’s id as `quote_id`, sent within ten minutes, is charged this price. Everything that is for sale can be quoted; a picture is measured as its submission would be.',
  access: needs('jobs:write'),
  body: quoteRequest,
  ids: { '/request/image': 'upl' },
  answers: { 201: json('The quote', quoteAnswer) },
  problems: ['GPU_UNAVAILABLE', 'NOT_FOUND', 'CONSENT_REQUIRED'],
  examples: [smallPicture, largerPicture],
};

const shownPicture: RouteExample = {
  name: 'the newest picture',
  given: 'a shown picture',
  request: { query: { limit: '1' } },
  answer: {
    status: 200,
    body: {
      data: [
        {
          id: 'out_01k9zq4hjkm8nvw5r2c7x3d6eg',
          job_id: 'job_01k9zq4hjkm8nvw5r2c7x3d6ef',
          url: 'https://safelight.example/api/v1/files/jobs/…',
          expires_at: '2026-11-21T12:15:04.000Z',
          media_type: 'image/png',
          width: 256,
          height: 256,
          model: 'builtin/blank',
          created_at: '2026-11-21T12:00:00.000Z',
        },
      ],
      meta: { next_cursor: 'am9iXzAxazl6cTRoamttOG52dzVyMmM3eDNkNmVm' },
    },
    varies: ['/meta/next_cursor'],
  },
};

const feed: ApiRoute = {
  method: 'GET',
  path: '/api/v1/feed',
  operationId: 'listFeed',
  tag: 'Feed',
  summary: 'Pictures that their owners show to everybody, newest first',
  description: 'Says nothing of the owners. At most 60 requests a minute from one address.',
  access: 'public',
  query: feedQuery,
  answers: { 200: json('A page of pictures, with fresh links', feedAnswer) },
  problems: ['RATE_LIMITED'],
  examples: [shownPicture],
};

export const offerRoutes: readonly ApiRoute[] = [quote, feed];
