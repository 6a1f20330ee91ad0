import type { RouteExample } from './route.js';

/** A fresh account; the plan of those in the tests is another. */
export const freshAccount: RouteExample = {
  name: 'a fresh account',
  credits: '500',
  request: {},
  answer: {
    status: 200,
    body: {
      data: {
        id: 'acc_01k9zq4hjkm8nvw5r2c7x3d6ef',
        name: 'Lakeside Studio',
        credits: {
          ...{ available: '500', held: '0', paid: '0', promotional: '500' },
          next_expiry: null,
        },
        plan: 'standard',
        limits: {
          ...{ key_per_minute: 60, account_per_minute: 300, open_jobs: 100 },
          ...{ running_jobs: null, weight: 1 },
        },
        usage: {
          period_start: '2026-11-01T00:00:00.000Z',
          jobs: 0,
          completed: 0,
          credits: '0',
        },
      },
      meta: {},
    },
    varies: [
      '/data/name',
      '/data/plan',
      '/data/limits/key_per_minute',
      '/data/limits/account_per_minute',
      '/data/limits/open_jobs',
    ],
  },
};

const job = 'job_01k9zq4hjkm8nvw5r2c7x3d6ef';
const at = '2026-11-21T12:00:04.000Z';

export const paidJob: RouteExample = {
  name: 'a job that was paid for',
  given: 'a finished job',
  request: { query: { limit: '2' } },
  answer: {
    status: 200,
    body: {
      data: [
        {
          sequence: 3,
          type: 'capture',
          job_id: job,
          subject: { type: 'job', id: job },
          available_change: '0',
          held_change: '-1',
          balance: { available: '499', held: '0' },
          reason: null,
          at,
        },
        {
          sequence: 2,
          type: 'hold',
          job_id: job,
          subject: { type: 'job', id: job },
          available_change: '-1',
          held_change: '1',
          balance: { available: '499', held: '1' },
          reason: null,
          at,
        },
      ],
      meta: { next_cursor: 'Mg', balance: { available: '499', held: '0' }, as_of: null },
    },
  },
};

export const oneDay: RouteExample = {
  name: 'one job in thirty days',
  given: 'a finished job',
  request: {},
  answer: {
    status: 200,
    body: {
      data: [
        {
          day: '2026-11-21',
          model: 'builtin/atelier',
          key_id: 'key_01k9zq4hjkm8nvw5r2c7x3d6ef',
          jobs: 1,
          completed: 1,
          credits: '1',
        },
      ],
      meta: {
        from: '2026-10-22T12:00:05.000Z',
        to: '2026-11-21T12:00:05.000Z',
        next_cursor: null,
      },
    },
    varies: ['/data/0/day'],
  },
};
