import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@safelight/testing';
import { TestClient } from './client.js';
import type { ExportedSpan } from './collector.js';
import { Collector } from './collector.js';
import { Fleet } from './fleet.js';

const SERVICES = [
  'billing',
  'dispatch',
  'gateway',
  'moderation',
  'orchestrator',
  'webhooks',
  'worker',
];
const JOB = 'safelight.job_id';
const ROOT = 'POST /api/v1/generate';

const servicesOf = (spans: readonly ExportedSpan[]): string[] =>
  [...new Set(spans.map(({ service }) => service))].sort();

describe('the trace of a job, all services apart', () => {
  let collector: Collector;
  let fleet: Fleet;
  let jobId: string;

  beforeAll(async () => {
    collector = await Collector.start();
    fleet = await Fleet.start({
      layout: 'apart',
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    });
    const client = new TestClient(fleet.url, (await fleet.account()).apiKey);
    jobId = (await client.run({ prompt: 'a quiet lake', width: 256, height: 256, steps: 4 }))
      .id as string;
  }, 120_000);

  afterAll(async () => {
    await fleet.close();
    await collector.close();
  }, 60_000);

  const ofJob = () => collector.spans.filter((span) => span.attributes[JOB] === jobId);

  it('is one connected story from the HTTP request through every service', async () => {
    // Spans leave each process in batches of its own: the story is complete once every service has
    // told its part and nothing of the job stands outside it. An orphan for good fails by deadline.
    const story = await eventually(
      async () => {
        const spans = collector.story(
          ({ name, attributes }) => name === ROOT && attributes[JOB] === jobId,
        );
        const joined = new Set(spans.map(({ spanId }) => spanId));
        const complete = ofJob().every(({ spanId }) => joined.has(spanId));
        return complete && servicesOf(spans).length === SERVICES.length && spans;
      },
      { deadlineMs: 20_000 },
    );
    expect(servicesOf(story)).toEqual(SERVICES);
  }, 30_000);

  it('has no span of the attempt that hangs in the request: the queue is crossed by a link', () => {
    const request = ofJob().find(({ name }) => name === ROOT);
    const attempt = ofJob().filter(
      ({ service, name }) => service === 'worker' && name.startsWith('attempt'),
    );
    expect(attempt).toHaveLength(1);
    expect(attempt[0]?.traceId).not.toBe(request?.traceId);
    expect(attempt[0]?.links.length).toBeGreaterThan(0);
  });

  it('comes with metrics and readiness on a port of each service', async () => {
    const opsUrls = await eventually(async () => {
      const found = [...fleet.logs().matchAll(/"opsUrl":"([^"]+)"/g)].map(([, url]) => url ?? '');
      return found.length === fleet.processes.length && found;
    });
    for (const url of opsUrls) {
      expect((await fetch(`${url}/ready`)).status).toBe(200);
      expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^# TYPE \w+ \w+$/m);
    }
  });

  it('tells in the log lines which trace and job they belong to', async () => {
    const lines = await eventually(async () => {
      const found = fleet
        .logs()
        .split('\n')
        .filter((line) => line.startsWith('{') && line.includes(jobId))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      return found.length > 0 && found;
    });
    for (const line of lines) {
      expect(line['trace_id']).toMatch(/^[0-9a-f]{32}$/);
      expect(line['job_id']).toBe(jobId);
    }
  });
});
