import { describe, expect, it } from '@jest/globals';
import { modelOffer, type ModelOffer } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { withMemory, type Asked } from './memory.js';

const offer = (name: string, vramBytes: number | null): ModelOffer =>
  modelOffer.parse({
    ...{ name, description: '', operations: ['generate'], maxWidth: 64, maxHeight: 64, vramBytes },
    ...{ defaultSteps: 1, gpuSecondsPerMegapixelStep: 1 },
  });
const [big, small] = [offer('big', 20e9), offer('small', null)];
const worker = (pool: string, freeVramBytes?: number) => ({
  ...{ pool, dedicated: pool === 'lake', freeVramBytes, serves: new Set(['big', 'small']) },
});
const all = [
  { pool: 'lake', offer: big },
  { pool: undefined, offer: big },
  { pool: undefined, offer: small },
];
const places = all.slice(0, 2);
const generate: Asked = { operation: 'generate' };

describe('the memory that a model needs', () => {
  it('is looked for in each place where the job may run', () => {
    const pools = (...workers: ReturnType<typeof worker>[]) =>
      withMemory(workers, places, all, generate).map(({ pool }) => pool);
    expect(pools(worker('lake', 24e9), worker('shared', 8e9))).toEqual(['lake']);
    const more = [worker('lake', 8e9), worker('shared', 8e9), worker('more', 24e9)];
    expect(pools(...more)).toEqual([undefined]);
    // Who does not say may have it, and so may who is yet to come.
    expect(pools(worker('lake', 8e9), worker('shared'))).toEqual([undefined]);
    expect(pools(worker('shared', 8e9))).toEqual(['lake']);
  });

  it('refuses a job that no worker has room for, and names what they have room for', () => {
    const workers = [worker('lake', 8e9), worker('shared', 12e9)];
    const refused = (spec: Asked, placed = places) => {
      try {
        return withMemory(workers, placed, all, spec);
      } catch (error) {
        return error instanceof DomainError && [error.code, error.details];
      }
    };
    expect(refused(generate)).toEqual([
      'model.too_large',
      { model: 'big', vramBytes: 20e9, largestBytes: 12e9, models: ['small'] },
    ]);
    // The catalogue may know what the worker does not say.
    expect(refused({ ...generate, vramBytes: 16e9 }, all.slice(2))).toMatchObject([
      'model.too_large',
      { model: 'small', vramBytes: 16e9, models: [] },
    ]);
  });
});
