import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@safelight/event-sourcing';
import { forecast, requireFit, type Prospects } from './admission.js';

const offer = {
  ...{ name: 'm', description: '', operations: ['generate' as const] },
  ...{ maxWidth: 1_024, maxHeight: 768, defaultSteps: 20, gpuSecondsPerMegapixelStep: 0.1 },
};
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
  it('accepts what the model can do and names what it cannot', () => {
    const spec = { operation: 'generate' as const, width: 1_024, height: 768 };
    expect(() => requireFit(offer, spec)).not.toThrow();
    const wide = refusalOf(() => requireFit(offer, { ...spec, width: 1_088 }));
    expect(wide.code).toBe('model.unsupported');
    expect(wide.details).toMatchObject({ field: 'width', limit: 1_024 });
    const high = refusalOf(() => requireFit(offer, { ...spec, height: 1_024 }));
    expect(high.details).toMatchObject({ field: 'height', limit: 768 });
  });

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
