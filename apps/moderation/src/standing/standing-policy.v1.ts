import type { StandingPolicy } from './standing.js';

/**
 * What a refusal weighs, and for how long. F6 and F7 are faults of ours, T1 was asked for: none of
 * them says anything about an account.
 */
export const standingPolicyV1: StandingPolicy = {
  version: '2026-11-1',
  suspendAt: 100,
  atOnce: ['F1', 'F5'],
  rules: {
    F1: { weight: 100, days: 365 },
    F2: { weight: 10, days: 90 },
    F3: { weight: 5, days: 90 },
    F4: { weight: 10, days: 90 },
    F5: { weight: 100, days: 365 },
    F6: { weight: 0, days: 0 },
    F7: { weight: 0, days: 0 },
    D1: { weight: 2, days: 30 },
    T1: { weight: 0, days: 0 },
  },
  otherwise: { weight: 2, days: 30 },
};
