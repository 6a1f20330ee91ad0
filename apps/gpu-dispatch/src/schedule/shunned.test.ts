import { describe, expect, it } from '@jest/globals';
import { FairQueue, type QueuedJob } from './fair-queue.js';
import { job, many, takeAll, workerOf } from '../test/queued.js';

const worker = workerOf(['m']);
const shuns = ({ accountId }: QueuedJob) => accountId === 'shunned';
const queueOf = (...jobs: QueuedJob[]) => {
  const queue = new FairQueue();
  for (const each of jobs) queue.add(each);
  return queue;
};

describe('jobs that a worker shuns', () => {
  it('are passed over, however many stand before the others', () => {
    const queue = queueOf(...many('shunned', 100), job('other'));
    expect(queue.take(worker, 0, shuns)?.job.accountId).toBe('other');
    expect(queue.take(worker, 0, shuns)).toBeUndefined();
    expect(queue.size).toBe(100);
  });

  it('are passed over to later ones of the same account', () => {
    const [failed, next] = many('a', 2);
    const queue = queueOf(failed!, next!);
    const taken = queue.take(worker, 0, (each) => each.jobId === failed!.jobId);
    expect(taken?.job.jobId).toBe(next!.jobId);
    expect(takeAll(queue)).toEqual([failed]);
  });

  it('cost nobody anything: everybody else is served as if the worker had not looked', () => {
    const jobs = (['interactive', 'standard', 'batch'] as const).flatMap((lane) => [
      ...many('shunned', 3, { lane }),
      ...many('a', 30, { lane }),
      ...many('b', 30, { lane, predictedGpuMs: 700 }),
    ]);
    const [looked, fresh] = [queueOf(...jobs), queueOf(...jobs)];
    for (let look = 0; look < 50; look += 1) looked.take(worker, 0, () => true);
    expect(takeAll(looked)).toEqual(takeAll(fresh));
  });
});
