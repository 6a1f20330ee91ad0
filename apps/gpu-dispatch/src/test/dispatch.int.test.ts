import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { admitJob, newId } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { eventually } from '@safelight/testing';
import { Stage, spec } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.build();
}, 60_000);
afterEach(() => stage.clear());
afterAll(() => stage.close());

const metric = async (opsUrl: string, name: string): Promise<number> => {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
};

describe('a queued job', () => {
  it('is leased, started, completed and published, once, and its slot is used again at once', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    expect(assignment).toMatchObject({ jobId, attempt: 1, spec });
    const row = await stage.row(jobId, ({ state }) => state === 'leased');
    expect(row).toMatchObject({ attempt: 1, incarnation: worker.incarnation, lane: 'standard' });
    const second = await stage.queue();
    expect(await worker.complete(assignment)).toBe(true);
    expect(await worker.complete(assignment)).toBe(true);
    expect((await worker.has(second)).attempt).toBe(1);
    await stage.row(jobId, ({ state }) => state === 'ended');
    await eventually(() => stage.heardOf(jobId).length === 2);
    expect(stage.heardOf(jobId)).toEqual(['attempt-started 1', 'attempt-completed 1']);
    expect(await stage.history(jobId)).toEqual([
      ...['AssignmentQueued', 'AttemptLeased', 'AttemptCompleted'],
    ]);
  });

  it('waits for a worker that can run it', async () => {
    await stage.dispatcher();
    const other = await stage.worker({ models: ['test/other'], eager: true });
    const jobId = await stage.queue();
    await stage.row(jobId, ({ state }) => state === 'queued');
    const fitting = await stage.worker({ eager: true });
    await stage.row(jobId, ({ state }) => state === 'ended');
    expect([other.assigned.length, fitting.assigned.length]).toEqual([0, 1]);
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

  it('is tried three times and then fails for good', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    for (const attempt of [1, 2, 3]) {
      await worker.fail(await worker.has(jobId, attempt));
    }
    await stage.row(jobId, ({ state }) => state === 'ended');
    await eventually(() => stage.heardOf(jobId).length === 6);
    const failures = stage.heard.filter(
      ({ subject, data }) => subject.includes('attempt-failed') && data['jobId'] === jobId,
    );
    expect(failures.map(({ data }) => data['final'])).toEqual([false, false, true]);
  });

  it('is not charged for a worker that drains', async () => {
    await stage.dispatcher();
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const handBack = { code: 'worker.draining', retryable: true };
    await worker.fail(await worker.has(jobId), handBack);
    await worker.has(jobId, 2);
    expect(await stage.history(jobId)).not.toContain('AttemptFailed');
  });
});

describe('a worker that goes away', () => {
  it('loses its lease; another one gets attempt 2; the late report of attempt 1 changes nothing', async () => {
    const { opsUrl } = await stage.dispatcher();
    const first = await stage.worker();
    const jobId = await stage.queue();
    const stale = await first.has(jobId);
    await first.suspend();
    const second = await stage.worker();
    const fresh = await second.has(jobId, 2);
    // The first one wakes up and believes that nothing happened.
    expect(await first.complete(stale)).toBe(false);
    expect(await first.fail(stale)).toBe(false);
    expect(await second.complete(fresh)).toBe(true);
    expect(await first.complete(stale)).toBe(false);
    await eventually(() => stage.heardOf(jobId).length === 4);
    expect(stage.heardOf(jobId)).toEqual([
      ...['attempt-started 1', 'attempt-failed 1', 'attempt-started 2', 'attempt-completed 2'],
    ]);
    expect(await metric(opsUrl, 'lease_expired_total')).toBe(1);
    expect(await metric(opsUrl, 'stale_token_total')).toBe(3);
  });

  it('is told to drop what it lost, when it comes back', async () => {
    await stage.dispatcher();
    const first = await stage.worker();
    const jobId = await stage.queue();
    await first.has(jobId);
    await first.suspend();
    await stage.row(jobId, ({ state }) => state === 'queued');
    await first.offer();
    expect(first.dropped).toEqual([`${jobId} 1`]);
  });

  it('keeps its lease as long as its heartbeats name it', async () => {
    await stage.dispatcher({ LEASE_MS: '400' });
    const worker = await stage.worker();
    const jobId = await stage.queue();
    const assignment = await worker.has(jobId);
    // Longer than three lives of a lease, measured in heartbeats.
    for (let beat = 0; beat < 14; beat += 1) await eventually(() => beatOf(worker));
    expect(await worker.complete(assignment)).toBe(true);
  });
});

/** Resolves with the worker's next regular heartbeat. */
function beatOf(worker: { offer(): Promise<void> }): Promise<boolean> {
  const offer = worker.offer.bind(worker);
  return new Promise((resolve) => {
    worker.offer = async () => {
      worker.offer = offer;
      await offer();
      resolve(true);
    };
  });
}

describe('a job that ends elsewhere', () => {
  it('leaves the queue, also when nobody runs it', async () => {
    await stage.dispatcher();
    const jobId = await stage.queue();
    await stage.row(jobId);
    await stage.end(jobId);
    await stage.row(jobId, ({ state }) => state === 'ended');
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
    await stage.row(await stage.queue(), ({ state }) => state === 'ended');
    expect(await stage.history(jobId)).toEqual(['AssignmentWithdrawn']);
    expect(worker.assigned.some((each) => each.jobId === jobId)).toBe(false);
  });
});

describe('admission', () => {
  const ask = (part: Record<string, unknown> = {}) =>
    stage.requests.request(admitJob, {
      accountId: newId('acc'),
      spec: { ...spec, model: null, steps: null, ...part },
    });
  const refusal = async (part: Record<string, unknown>): Promise<DomainError> => {
    const error: unknown = await ask(part).catch((reason: unknown) => reason);
    if (error instanceof DomainError) return error;
    throw new Error('nothing was refused', { cause: error });
  };

  it('fills in defaults, forecasts, and refuses what cannot be served', async () => {
    await stage.dispatcher({ DEFAULT_MODEL: 'test/dot', MAX_WAIT_SECONDS: '1' });
    const worker = await stage.worker();
    const free = await ask();
    expect(free).toMatchObject({ model: 'test/dot', steps: 7, queuePosition: 0 });
    expect(free.etaSeconds).toBeGreaterThan(0);
    const unknown = await refusal({ model: 'test/none' });
    expect(unknown.code).toBe('model.unknown');
    expect(unknown.details['models']).toContain('test/dot');
    const wide = await refusal({ width: 2_048 });
    expect([wide.code, wide.details['field'], wide.details['limit']]).toEqual([
      ...['model.unsupported', 'width', 1_024],
    ]);
    const first = await stage.queue();
    await worker.has(first);
    for (let more = 0; more < 6; more += 1) await stage.queue({ spec: { steps: 50 } });
    const full = await eventually(() => refusal({}).catch(() => undefined));
    expect(full.code).toBe('dispatch.unavailable');
    expect(full.details['retryAfterSeconds']).toBeGreaterThan(0);
  });

  it('knows its models after a restart, before any worker has spoken', async () => {
    const before = await stage.dispatcher();
    const worker = await stage.worker();
    await eventually(async () => {
      const { rows } = await stage.admin.query('select from dispatch.models');
      return rows.length > 0;
    });
    await worker.die();
    await before.close();
    await stage.dispatcher({ DEFAULT_MODEL: 'test/dot' });
    expect(await ask()).toMatchObject({ model: 'test/dot', steps: 7 });
  });
});
