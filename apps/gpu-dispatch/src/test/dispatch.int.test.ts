import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { explainJob } from '../operator/explain.js';
import { Stage, spec } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(() => stage.clear());
afterAll(() => stage.close());

describe('a queued job', () => {
  it('is leased, completed and published, once, and its slot is used again at once', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    expect(assignment).toMatchObject({ jobId, attempt: 1, spec });
    const { workerId, incarnation } = worker;
    expect(await stage.row(jobId)).toMatchObject({ attempt: 1, worker_id: workerId, incarnation });
    const second = await stage.queue();
    await stage.waits(second);
    expect(await worker.complete(assignment)).toBe(true);
    expect(await worker.complete(assignment)).toBe(true);
    expect((await worker.has(second)).attempt).toBe(1);
    await stage.ended(jobId);
    expect(await stage.story(jobId)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'AttemptCompleted'],
    ]);
  });

  it('is leased by the append that queues it when a slot is free for it', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const [first, second] = [await stage.queue(), await stage.queue()];
    const appends = async (jobId: string) => {
      const { rows } = await stage.admin.query(
        `select distinct transaction_id from dispatch.events where stream_id = $1
         and type in ('AssignmentQueued', 'AttemptLeased')`,
        [`assignment-${jobId}`],
      );
      return rows.length;
    };
    await worker.complete(await worker.has(first));
    await worker.complete(await worker.has(second));
    expect([await appends(first), await appends(second)]).toEqual([1, 2]);
  });

  it('can be explained: to its owner in a few words, to an operator in full', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const accountId = newId('acc');
    const jobs = [await stage.queue(), await stage.queue({ accountId }), await stage.queue()];
    for (const jobId of jobs) {
      const assignment = await worker.has(jobId);
      if (jobId === jobs[0]) await Promise.all(jobs.slice(1).map((each) => stage.waits(each)));
      await worker.complete(assignment);
      await stage.ended(jobId);
    }
    const [, second = ''] = jobs;
    const story = (await explainJob(stage.runtimeUrl, second)).join('\n');
    expect(story).toContain(`queued for ${accountId}: test/dot, standard`);
    expect(story).toMatch(/\n {2}(head|switch: nothing warm): /);
    expect(story).toContain(`otherwise: ${jobs[2] ?? ''} of acc_`);
    const end = await eventually(() => stage.heardAs('attempt-completed', second)[0]);
    expect(Object.keys(end['placement'] as object).sort()).toEqual(['rule', 'waitedMs', 'warm']);
    expect(await explainJob(stage.runtimeUrl, newId('job'))).toEqual([]);
  });

  it('is told of with its end when it ends within a moment', async () => {
    await stage.dispatcher();
    await stage.worker({ eager: true });
    const jobId = await stage.queue();
    await eventually(() => stage.heardOf(jobId).length > 0);
    expect(stage.heardOf(jobId)).toEqual(['attempt-completed 1']);
    const [end] = stage.heardAs('attempt-completed', jobId);
    expect(Date.parse(String(end?.['startedAt']))).toBeLessThanOrEqual(Date.now());
  });

  it('is told of while it runs, before its end, when it takes longer', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    await eventually(() => stage.heardOf(jobId).length > 0);
    await worker.complete(assignment);
    await eventually(() => stage.heardOf(jobId).length === 2);
    expect(stage.heardOf(jobId)).toEqual(['attempt-started 1', 'attempt-completed 1']);
    const [start] = stage.heardAs('attempt-started', jobId);
    const [end] = stage.heardAs('attempt-completed', jobId);
    expect(start).toMatchObject({ workerId: worker.workerId, startedAt: end?.['startedAt'] });
  });

  it('waits for a worker that can run it', async () => {
    await stage.dispatcher();
    const other = await stage.worker({ models: ['test/other'], eager: true });
    const jobId = await stage.queue();
    await stage.waits(jobId);
    const fitting = await stage.worker({ eager: true });
    await stage.ended(jobId);
    expect([other.assigned.length, fitting.assigned.length]).toEqual([0, 1]);
  });

  it('is given to nobody for a model whose name is not served, whoever offers it', async () => {
    await stage.dispatcher();
    const worker = await stage.worker({ models: ['test/NudifyXL', 'test/dot'], eager: true });
    const refused = await stage.queue({ spec: { model: 'test/NudifyXL' } });
    await stage.ended(await stage.queue());
    await stage.waits(refused);
    expect(worker.assigned.map(({ spec: { model } }) => model)).toEqual(['test/dot']);
  });

  it('goes back uncharged, with the next attempt number, when a worker is busy', async () => {
    await stage.dispatcher();
    const busy = await stage.worker({ refuses: 'worker.busy' });
    const jobId = await stage.queue();
    await eventually(async () => (await stage.history(jobId)).includes('LeaseReleased'));
    busy.refuses = undefined;
    const { attempt } = await eventually(() => busy.assigned.find((each) => each.jobId === jobId));
    expect(attempt).toBeGreaterThan(1);
    expect(await busy.complete({ jobId, attempt })).toBe(true);
    await eventually(() => stage.heardOf(jobId).includes(`attempt-completed ${attempt}`));
    expect(stage.heardOf(jobId).some((fact) => fact.startsWith('attempt-failed'))).toBe(false);
  });
});

describe('a job that ends elsewhere', () => {
  it('leaves the queue, also when nobody runs it', async () => {
    await stage.dispatcher();
    const jobId = await stage.queue();
    await stage.row(jobId);
    await stage.end(jobId);
    await stage.ended(jobId);
    const worker = await stage.worker({ eager: true });
    const next = await stage.queue();
    await worker.has(next);
    expect(worker.assigned.map((each) => each.jobId)).toEqual([next]);
  });

  it('is cancelled at the worker that runs it, whose report comes too late', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    await stage.end(jobId);
    await eventually(() => worker.cancelled.includes(jobId));
    expect(await worker.complete(assignment)).toBe(false);
    const next = await stage.queue();
    await worker.has(next);
  });

  it('leaves no zombie when its end is heard before its beginning', async () => {
    await stage.dispatcher();
    const worker = await stage.worker({ eager: true });
    const jobId = newId('job');
    await stage.end(jobId);
    await eventually(async () => (await stage.history(jobId)).length === 1);
    await stage.queue({ jobId });
    await stage.ended(await stage.queue());
    expect(await stage.history(jobId)).toEqual(['AssignmentWithdrawn']);
    expect(worker.assigned.some((each) => each.jobId === jobId)).toBe(false);
  });
});
