import { describe, expect, it } from '@jest/globals';
import { modelOffer, type JobSpec, type ModelOffer } from '@safelight/contracts';
import { ModelCatalogue } from '../models/catalogue.js';
import { PoolBook } from '../pools/pool-book.js';
import { undescribed } from '../pools/pool.js';
import type { Offer } from '../workers/roster.js';
import { Board, entryOf } from './board.js';
import { Fallback } from './fallback.js';

const model = modelOffer.parse({
  ...{ name: 'm', description: '', operations: ['generate'], maxWidth: 1_024, maxHeight: 1_024 },
  ...{ defaultSteps: 20, gpuSecondsPerMegapixelStep: 1 },
});
const offer = (workerId: string, pool: string): Offer => ({
  ...{ workerId, incarnation: workerId, engine: 'e', pool, slots: 1, freeSlots: 1 },
  models: [model],
  ...{ warm: [], leases: [], tags: [], gpu: null },
});
let sequence = 0;
const entry = (jobId: string, spec: Partial<JobSpec>) =>
  entryOf({
    ...{ jobId, accountId: 'a', predictedGpuMs: 1, attempt: 0, failedOn: [], cause: '' },
    // The board asks for nothing of a spec but this.
    spec: { model: 'm', lane: 'standard', pool: 'lake', ...spec } as JobSpec,
    ...{ traceparent: null, queuedAtMs: 0, deadlineAtMs: Infinity, sequence: BigInt(++sequence) },
  });

function scene(fromZero = false) {
  const board = new Board();
  const pools = new PoolBook(
    [{ ...undescribed('lake'), accountId: 'a', fromZero }],
    [{ pool: 'lake', models: ['m'], coldStartSeconds: 60 }],
  );
  const sought: string[] = [];
  const catalogue = new ModelCatalogue(
    [],
    async () => undefined,
    () => undefined,
  );
  catalogue.note('lake', [model]);
  const fallback = new Fallback(board, { pools, catalogue }, ({ jobId }) => sought.push(jobId));
  const share = (offered: ModelOffer) => {
    board.roster.hear(offer('s1', 'shared'), 10);
    pools.hear({ pool: 'shared', models: ['m'] }, true, 10);
    catalogue.note('shared', [offered]);
  };
  board.roster.hear(offer('l1', 'lake'), 0);
  board.enqueue(entry('chosen', { poolChosen: true }));
  board.enqueue(entry('asked', {}));
  board.enter(entry('later', { poolChosen: true }));
  const look = () => {
    fallback.look();
    return ['chosen', 'asked', 'later'].map((jobId) => board.get(jobId)?.job.pool);
  };
  return { board, look, sought, share };
}

describe('a job for which a pool was chosen', () => {
  it('goes to everybody’s workers once nobody is left there, unless its owner named the pool', () => {
    const { board, look, sought, share } = scene();
    share(model);
    expect(look()).toEqual(['lake', 'lake', 'lake']);
    board.roster.dropSilent(5);
    expect(look()).toEqual([undefined, 'lake', undefined]);
    // The one that is not to be leased yet has no worker to seek.
    expect(sought).toEqual(['chosen']);
    const taken = board.queue.take(board.roster.get('s1')!, 0);
    expect(taken?.job.jobId).toBe('chosen');
    expect(board.queue.take(board.roster.get('s1')!, 0)).toBeUndefined();
  });

  it('stays where it is while nobody else could do it, or somebody is about to come there', () => {
    const alone = scene();
    alone.board.roster.dropSilent(5);
    expect(alone.look()[0]).toBe('lake');
    const waking = scene(true);
    waking.share(model);
    waking.board.roster.dropSilent(5);
    expect(waking.look()[0]).toBe('lake');
    const better = scene();
    better.share({ ...model, maxWidth: 512 });
    better.board.roster.dropSilent(5);
    expect(better.look()[0]).toBe('lake');
  });
});
