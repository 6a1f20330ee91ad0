import {
  attemptCompleted,
  attemptFailed,
  attemptStarted,
  getJob,
  newId,
  newUuid,
  submitJob,
} from '@safelight/contracts';
import type { JobView, PublicEvent, StoredOutput } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import type { z } from 'zod';
import { streamOf } from '../job/job.handler.js';
import type { Ended, Fixture } from './orchestrator-fixture.js';

type Submission = z.input<typeof submitJob.request>;

export const accountId = newId('acc');
export const WORKER_ID = 'worker-in-rack-7';

export function submission(changes: { images?: number; prompt?: string } = {}): Submission {
  const { images = 1, prompt = 'a lighthouse at dusk' } = changes;
  return {
    jobId: newId('job'),
    accountId,
    keyId: newId('key'),
    spec: {
      operation: 'generate',
      model: null,
      steps: null,
      width: 512,
      height: 512,
      guidance: 7,
      images,
      seed: 1,
      format: 'png',
      lane: 'standard',
      moderationLevel: 0,
    },
    content: { prompt, negativePrompt: 'fog' },
    metadata: { shelf: 'b' },
  };
}

/** Submits; the job's id. */
export async function submitted(fixture: Fixture, changes = {}): Promise<string> {
  const request = submission(changes);
  await fixture.client.request(submitJob, request);
  return request.jobId;
}

export const outputsOf = (jobId: string, attempt: number, digests: string[]): StoredOutput[] =>
  digests.map((digest, index) => {
    const outputId = newId('out');
    const key = `jobs/${jobId}/${attempt}/${outputId}.png`;
    const size = { width: 512, height: 512, bytes: 1000 };
    return { outputId, key, digest, mediaType: 'image/png', seed: 1 + index, ...size };
  });

/** Publishes as the dispatcher would, `times` times under the same event id. */
function publish(fixture: Fixture, event: PublicEvent, data: { jobId: string }, times = 1): void {
  const key = streamOf(data.jobId);
  const body = JSON.stringify({ id: newUuid(), key, recordedAt: new Date().toISOString(), data });
  for (let n = 0; n < times; n += 1) fixture.bus.nc.publish(event.subject, body);
}

const now = () => new Date().toISOString();
const token = () => ({ workerId: WORKER_ID, startedAt: now() });

export function attemptStarts(fixture: Fixture, jobId: string, attempt = 1, times = 1): void {
  const data = { jobId, attempt, ...token() };
  publish(fixture, attemptStarted, data, times);
}

export function attemptCompletes(
  fixture: Fixture,
  jobId: string,
  { attempt = 1, digests = ['0'.repeat(64)], times = 1, startedAt = now() } = {},
): void {
  const outputs = outputsOf(jobId, attempt, digests);
  const data = { jobId, attempt, workerId: WORKER_ID, startedAt, gpuMs: 900, outputs };
  publish(fixture, attemptCompleted, data, times);
}

export function attemptFails(fixture: Fixture, jobId: string, final: boolean, attempt = 1): void {
  const message = 'out of memory on gpu-7';
  const data = { jobId, attempt, ...token(), code: 'engine.failed', message, final };
  publish(fixture, attemptFailed, data);
}

/** Waits until the end of a job was published. */
export const endOf = (fixture: Fixture, jobId: string): Promise<Ended> =>
  eventually(() => fixture.ends.find((end) => end.jobId === jobId), { deadlineMs: 30_000 });

export const viewOf = ({ client }: Fixture, jobId: string): Promise<JobView> =>
  client.request(getJob, { jobId, accountId });

/** Waits until the stream of a job has an event of this type. */
export const recorded = ({ admin }: Fixture, jobId: string, type: string): Promise<true> =>
  eventually(async () => {
    const text = 'select 1 from orchestrator.events where stream_id = $1 and type = $2';
    return (await admin.query(text, [streamOf(jobId), type])).rowCount === 1;
  });

/** The types of everything in a job's stream, in order. */
export async function storyOf({ admin }: Fixture, jobId: string): Promise<string[]> {
  const text = 'select type from orchestrator.events where stream_id = $1 order by version';
  const { rows } = await admin.query<{ type: string }>(text, [streamOf(jobId)]);
  return rows.map(({ type }) => type);
}
