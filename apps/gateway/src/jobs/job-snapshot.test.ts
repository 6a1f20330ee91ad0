import { expect, it } from '@jest/globals';
import { jobSpec, newId, type JobView } from '@safelight/contracts';
import { snapshotAt } from './job-snapshot.js';

const failed: JobView = {
  ...{ id: newId('job'), accountId: newId('acc'), status: 'failed', metadata: {}, progress: 40 },
  spec: jobSpec.parse({
    ...{ operation: 'generate', model: 'test/dot', width: 512, height: 512, steps: 4, guidance: 1 },
    ...{ images: 1, seed: 1, format: 'png', lane: 'standard', moderationLevel: 1 },
  }),
  ...{ attempt: 2, priceMicros: 5n, outputs: [] },
  ...{ retryOf: null, deletedAt: null },
  settlement: { kind: 'voided', capturedMicros: 0n, refundedMicros: 5n },
  failure: { code: 'engine.failed', message: 'It failed.' },
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: '2026-01-01T00:00:01.000Z',
  endedAt: '2026-01-01T00:00:02.000Z',
};

it('shows a job as it was, without what came later', () => {
  const later = { progress: 0, settlement: null, failure: null, endedAt: null };
  const processing = { ...failed, ...later, status: 'processing' };
  expect(snapshotAt(failed, 'processing')).toEqual(processing);
  expect(snapshotAt(failed, 'pending')).toEqual({
    ...processing,
    status: 'pending',
    startedAt: null,
  });
  expect(snapshotAt(failed, 'failed')).toEqual(failed);
});
