import { describe, expect, it } from '@jest/globals';
import { imagesJob, type JobResource, newId, novitaTaskResult } from '@safelight/contracts';
import { DialectEventsController } from './events.controller.js';

const at = '2026-01-01T00:00:00.000Z';
const url = 'https://hooks.example.com/in';
const job: JobResource = {
  ...{ id: newId('job'), type: 'generate', status: 'completed', test: false, progress: 100 },
  ...{ model: 'house/painter', width: 512, height: 512, steps: 20, seed: 7, price: '1' },
  charge: { captured: '1', refunded: '0' },
  outputs: [
    {
      ...{ id: newId('out'), url: 'https://x.example/a.png', media_type: 'image/png' },
      ...{ width: 512, height: 512, seed: 7, expires_at: at },
      moderation: { valid: true, confidence: 3, decision_id: newId('dec') },
    },
  ],
  visibility: 'private',
  ...{ error: null, metadata: {}, inputs: [], retry_of: null, deleted_at: null },
  ...{ created_at: at, started_at: at, ended_at: '2026-01-01T00:00:02.500Z' },
};
const failed: JobResource = {
  ...job,
  ...{ status: 'failed', outputs: [], error: { code: 'mock', message: 'A mock event.' } },
};
const deleted = { id: job.id, status: 'completed', deleted: true } as const;
const word = (form: 'images' | 'novita', about: JobResource | typeof deleted) =>
  new DialectEventsController().word({ form, url, job: about }).body as Record<string, unknown>;

describe('an event for a receiver that was named in a request of Novita’s', () => {
  it('is the result of the task, with the address that it is sent to', () => {
    const { event_type, payload } = word('novita', job);
    expect(event_type).toBe('ASYNC_TASK_RESULT');
    const { extra, ...rest } = payload as { extra: Record<string, unknown> };
    const { webhook, ...told } = extra;
    expect(webhook).toEqual({ url });
    const result = novitaTaskResult.parse({ ...rest, extra: told });
    expect(result.task).toMatchObject({ task_id: job.id, status: 'TASK_STATUS_SUCCEED' });
    expect(result.images[0]?.image_url).toBe('https://x.example/a.png');
  });

  it('says why a task failed', () => {
    expect(word('novita', failed)).toMatchObject({
      payload: {
        task: { status: 'TASK_STATUS_FAILED', reason: 'mock: A mock event.' },
        images: [],
      },
    });
  });

  it('hands out nothing of a job that was deleted meanwhile', () => {
    expect(word('novita', deleted)).toMatchObject({
      payload: { task: { task_id: job.id, status: 'TASK_STATUS_FAILED' }, images: [] },
    });
  });
});

describe('an event for a callback_url', () => {
  it('is what the status address shows', () => {
    expect(imagesJob.parse(word('images', job))).toMatchObject({
      ...{ job_id: job.id, status: 'completed', generation_time: 2.5 },
    });
    expect(imagesJob.parse(word('images', failed)).error?.code).toBe('mock');
    expect(word('images', deleted)).toMatchObject({ status: 'failed', image_urls: [] });
  });
});
