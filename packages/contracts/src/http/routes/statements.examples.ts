import type { RouteExample } from './route.js';

const nothing = { total: '0', available: '0', held: '0', paid: '0', promotional: '0' };
const still = { amount: '0', paid: '0', promotional: '0' };

/** Of an account that was opened later. */
export const emptyMonth: RouteExample = {
  name: 'a month in which nothing happened',
  request: { path: { month: '2026-01' } },
  answer: {
    status: 200,
    body: {
      data: {
        account_id: 'acc_01k9zq4hjkm8nvw5r2c7x3d6ef',
        month: '2026-01',
        period: { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
        status: 'final',
        as_of: null,
        opening: nothing,
        lines: [],
        totals: {
          top_up: still,
          grant: still,
          charge: still,
          refund: still,
          reversal: still,
          adjustment: still,
          expiry: still,
        },
        closing: nothing,
      },
      meta: {},
    },
  },
};
