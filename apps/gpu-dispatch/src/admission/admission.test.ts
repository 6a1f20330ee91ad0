import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { forecast, type Prospects } from './admission.js';

const prospects: Prospects = {
  ...{ silentMs: 0, slots: 4, free: 0, runningGpuMs: 4_000, ownGpuMs: 1_500 },
  ahead: { jobs: 10, gpuMs: 20_000 },
};
const refusalOf = (run: () => unknown): DomainError => {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error;
  }
  throw new Error('nothing was refused');
};

describe('admission', () => {
  it('spreads the work before the job over the slots', () => {
    expect(forecast(prospects, 600_000)).toEqual({ etaSeconds: 8 });
  });

  it('lets a job that finds a free slot start at once', () => {
    const idle = { ...prospects, free: 1, ahead: { jobs: 0, gpuMs: 0 } };
    expect(forecast(idle, 600_000)).toEqual({ etaSeconds: 2 });
  });

  it('refuses with a time to come back when the wait is too long', () => {
    const { code, details } = refusalOf(() => forecast(prospects, 1_000));
    expect([code, details]).toEqual(['dispatch.unavailable', { retryAfterSeconds: 5 }]);
    const flooded = { ...prospects, ahead: { jobs: 9, gpuMs: 1e9 } };
    expect(refusalOf(() => forecast(flooded, 1_000)).details).toEqual({ retryAfterSeconds: 300 });
  });

  it('refuses when nobody has offered the model for half a minute', () => {
    expect(forecast({ ...prospects, silentMs: 29_000, slots: 0 }, 600_000).etaSeconds).toBe(26);
    expect(refusalOf(() => forecast({ ...prospects, silentMs: 31_000 }, 600_000)).code).toBe(
      'dispatch.unavailable',
    );
  });
});
