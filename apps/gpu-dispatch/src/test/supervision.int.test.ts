import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { letGo, putAway } from '../workers/operators.js';
import { Stage } from './stage.js';
import type { TinyWorker } from './tiny-worker.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(() => stage.clear());
afterAll(() => stage.close());

/** Who got this attempt at the job. */
const holderOf = (workers: readonly TinyWorker[], jobId: string, attempt: number) =>
  eventually(() =>
    workers.find(({ assigned }) =>
      assigned.some((each) => each.jobId === jobId && each.attempt === attempt),
    ),
  );

/** Has the worker fail so many jobs, of a model of its own each. */
async function failures(worker: TinyWorker, models: readonly string[]): Promise<void> {
  for (const model of models) {
    const jobId = await stage.queue({ spec: { model } });
    const assignment = await worker.has(jobId);
    await worker.fail(assignment);
    await stage.end(jobId);
    await stage.ended(jobId);
  }
}

describe('a job that failed', () => {
  it('waits for another worker, while there is another one that serves its model', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const failed = await stage.queue();
    const first = await worker.has(failed);
    const other = await stage.worker();
    const running = await other.has(await stage.queue());
    await worker.fail(first);
    // The worker that failed with it is free, and gets everything but this.
    await stage.row(failed, ({ incarnation }) => incarnation === null);
    const next = await stage.queue();
    await worker.complete(await worker.has(next));
    await other.complete(running);
    await other.complete(await other.has(failed, 2));
    expect(worker.assigned.map(({ jobId }) => jobId)).toEqual([failed, next]);
  });

  it('avoids that worker under the next leader too', async () => {
    const slow = { LEASE_MS: '60000', RETRY_MS: '60000' };
    const before = await stage.dispatcher(slow);
    const worker = await stage.worker();
    const failed = await stage.queue();
    await worker.fail(await worker.has(failed));
    const row = await stage.row(failed, ({ due_at: due }) => due !== null);
    expect(row['failed_on']).toEqual([worker.workerId]);
    worker.hush();
    const other = await stage.worker({ models: ['test/dot', 'test/other'] });
    const running = await other.has(await stage.queue({ spec: { model: 'test/other' } }));
    await before.close();
    await stage.admin.query('update dispatch.open_assignments set due_at = null');
    await stage.dispatcher(slow);
    await eventually(() => other.offer().then(() => true));
    await worker.offer();
    expect(await eventually(() => other.complete(running))).toBe(true);
    await other.has(failed, 2);
    expect(worker.assigned).toHaveLength(1);
  });

  it('is poison once three different workers failed with it, with attempts left', async () => {
    const { opsUrl } = await stage.dispatcher({ ATTEMPTS_MAX: '9' });
    const workers = [await stage.worker(), await stage.worker(), await stage.worker()];
    const jobId = await stage.queue();
    const holders = new Set<string>();
    for (const attempt of [1, 2, 3]) {
      const holder = await holderOf(workers, jobId, attempt);
      holders.add(holder.workerId);
      await holder.fail({ jobId, attempt });
    }
    await stage.ended(jobId);
    expect(holders.size).toBe(3);
    const told = () => stage.heardAs('attempt-failed', jobId).map(({ final }) => final);
    await eventually(() => told().length === 3);
    expect(told()).toEqual([false, false, true]);
    expect(await stage.metric(opsUrl, 'jobs_poisoned_total')).toBe(1);
  });
});

describe('a worker and a model', () => {
  it('are kept apart after two failures, while somebody else serves the model', async () => {
    const { opsUrl } = await stage.dispatcher({ ATTEMPTS_MAX: '9' });
    const bad = await stage.worker({ slots: 2, models: ['test/dot', 'test/fine'] });
    const jobId = await stage.queue();
    await bad.fail(await bad.has(jobId, 1));
    await bad.fail(await bad.has(jobId, 2));
    // Nobody else serves the model: a bad worker is better than none.
    const third = await bad.has(jobId, 3);
    const good = await stage.worker();
    await bad.fail(third);
    // One that fails is no proof: the job itself may be at fault, until another worker makes it.
    await good.complete(await good.has(jobId, 4));
    await good.has(await stage.queue());
    const waiting = await stage.queue();
    await stage.waits(waiting);
    await bad.complete(await bad.has(await stage.queue({ spec: { model: 'test/fine' } })));
    expect(await stage.metric(opsUrl, 'worker_models_apart')).toBe(1);
    expect(bad.assigned.some((each) => each.jobId === waiting)).toBe(false);
    await good.die();
    await bad.has(waiting);
  });
});

describe('a worker at fault again and again', () => {
  const strict = { WORKER_FAULTS_MAX: '1', LEASE_MS: '60000' };

  it('gets no work until it has passed a canary', async () => {
    const { opsUrl } = await stage.dispatcher({ ...strict, QUARANTINE_MS: '300' });
    const models = ['bad/a', 'bad/b', 'test/dot'];
    const bad = await stage.worker({ models, warm: ['test/dot'] });
    await busyWorker(models);
    // A model that wants more than words says nothing of the worker's health.
    bad.failsCanaries = 'engine.request_invalid';
    await failures(bad, ['bad/a', 'bad/b']);
    await eventually(() => bad.quarantined?.reason.startsWith('2 faults within an hour'));
    await eventually(() => bad.canaries.length >= 2);
    expect(await strikes(bad)).toBe(1);
    bad.failsCanaries = 'engine.failed';
    expect(await stage.metric(opsUrl, 'workers_quarantined')).toBe(1);
    const waiting = await stage.queue();
    await eventually(() => bad.quarantined?.reason === 'failed its canary: engine.failed');
    expect(bad.canaries).toContain('test/dot');
    await stage.waits(waiting);
    expect(await strikes(bad)).toBeGreaterThanOrEqual(2);
    bad.failsCanaries = undefined;
    await bad.complete(await bad.has(waiting));
    expect(bad.quarantined).toBeNull();
    expect(await stage.metric(opsUrl, 'workers_quarantined')).toBe(0);
  });

  it('stays away under the next leader', async () => {
    const before = await stage.dispatcher({ ...strict, QUARANTINE_MS: '60000' });
    const bad = await stage.worker({ models: ['bad/a', 'bad/b', 'test/dot'] });
    await busyWorker(['bad/a', 'bad/b', 'test/dot']);
    const good = await stage.worker({ models: ['other'] });
    await failures(bad, ['bad/a', 'bad/b']);
    await eventually(async () => (await strikes(bad)) === 1);
    await before.close();
    await stage.dispatcher({ ...strict, QUARANTINE_MS: '60000' });
    await eventually(() => bad.offer().then(() => bad.quarantined !== null));
    const jobId = await stage.queue();
    const other = await stage.queue({ spec: { model: 'other' } });
    await good.complete(await good.has(other));
    await stage.waits(jobId);
    expect(bad.assigned.some((each) => each.jobId === jobId)).toBe(false);
  });

  it('is kept where it is the only one with a model', async () => {
    await stage.dispatcher(strict);
    const only = await stage.worker({ models: ['bad/a', 'bad/b', 'test/dot'] });
    await busyWorker(['bad/a', 'bad/b']);
    await failures(only, ['bad/a', 'bad/b']);
    await only.has(await stage.queue());
    expect(only.quarantined).toBeNull();
  });

  /** Serves these too, once it has done what it has. */
  const busyWorker = async (models: readonly string[]) => {
    const busy = await stage.worker({ models: [...models, 'busy'] });
    await busy.has(await stage.queue({ spec: { model: 'busy' } }));
  };

  const strikes = async ({ workerId }: TinyWorker): Promise<number> => {
    const text = 'select strikes from dispatch.quarantines where worker_id = $1';
    const { rows } = await stage.admin.query<{ strikes: number }>(text, [workerId]);
    return rows[0]?.strikes ?? 0;
  };
});

describe('an operator', () => {
  it('puts a worker away, which finishes what it has, and lets it go again', async () => {
    await stage.dispatcher();
    const worker = await stage.worker({ slots: 2 });
    const running = await worker.has(await stage.queue());
    await putAway(stage.runtimeUrl, worker.workerId, 'a fan is loud');
    await eventually(() => worker.quarantined?.reason === 'a fan is loud');
    expect(worker.quarantined?.provesAt).toBeNull();
    const jobId = await stage.queue();
    await stage.waits(jobId);
    expect(await worker.complete(running)).toBe(true);
    expect(worker.canaries).toEqual([]);
    expect(worker.assigned.some((each) => each.jobId === jobId)).toBe(false);
    expect(await letGo(stage.runtimeUrl, worker.workerId)).toBe(true);
    await worker.complete(await worker.has(jobId));
    expect(worker.quarantined).toBeNull();
    const { rows } = await stage.admin.query(
      'select slots from dispatch.workers where worker_id = $1',
      [worker.workerId],
    );
    expect(rows).toEqual([{ slots: 2 }]);
  });
});
