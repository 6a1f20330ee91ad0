import { describe, expect, it } from '@jest/globals';
import { newId, webhookPayload, type JobStatus } from '@safelight/contracts';
import type { Due } from './claims.js';
import { BODY_MAX, bodyOf, mockJob } from './payload.js';

const jobId = newId('job');
const at = new Date('2026-01-01T00:00:00.000Z');
const due: Due = {
  ...{ id: newId('dlv'), endpoint_id: newId('whk'), account_id: newId('acc') },
  ...{ url: 'https://a.example', owner: newId('whk'), number: 3n, event_id: newId('evt') },
  ...{ type: 'job.completed', test: false, job_id: jobId, sequence: 9, status: 'completed' },
  ...{ occurred_at: at, due_at: at, tries: 0, round: 1, form: 'native' },
};

describe('the body of an event', () => {
  it('stays below its limit: metadata goes first, and it says so', () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, n) => [`key-${n}`, '\u{1F4F7}'.repeat(512)]),
    );
    const body = bodyOf(due, { ...mockJob(due, jobId, 'completed'), metadata });
    expect(Buffer.byteLength(body)).toBeLessThan(BODY_MAX);
    expect(JSON.parse(body)).toMatchObject({ omitted: ['metadata'], data: { metadata: {} } });
  });

  it('leaves outputs out when they alone are too long', () => {
    const job = mockJob(due, jobId, 'completed');
    const [output] = job.outputs;
    const outputs = Array.from({ length: 8 }, () => ({ ...output!, url: 'x'.repeat(3_000) }));
    const body = bodyOf(due, { ...job, outputs });
    expect(Buffer.byteLength(body)).toBeLessThan(BODY_MAX);
    expect(JSON.parse(body)).toMatchObject({ omitted: ['metadata', 'outputs'] });
  });

  it('leaves nothing out otherwise', () => {
    const job = { ...mockJob(due, jobId, 'completed'), metadata: { shelf: 'b' } };
    expect(JSON.parse(bodyOf(due, job))).toMatchObject({ omitted: [], number: 3, data: job });
  });

  it.each<JobStatus>(['pending', 'processing', 'completed', 'failed', 'blocked', 'cancelled'])(
    'may be a mock of a job that is %s, as the API would show one',
    (status) => {
      const body: unknown = JSON.parse(bodyOf({ ...due, test: true }, mockJob(due, jobId, status)));
      expect(webhookPayload.parse(body)).toMatchObject({ test: true, data: { status } });
    },
  );
});
