import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testNats, type TestNats } from '@safelight/testing';
import { Observable } from 'rxjs';
import type { Delivery } from './index.js';
import {
  deadLetterOf,
  pendingOf,
  serveStream,
  settledAll,
  type Handle,
  type Stream,
} from './test/served-stream.js';
import {
  outgoing,
  testStream,
  type TestService,
  type TestServiceOptions,
} from './test/test-service.js';

let nats: TestNats;
let running: TestService[] = [];

beforeAll(async () => {
  nats = await testNats();
});
afterEach(async () => {
  await Promise.all(running.map((service) => service.close()));
  running = [];
});
afterAll(() => nats.stop());

async function serve(stream: Stream, handle: Handle, more: Partial<TestServiceOptions> = {}) {
  const served = await serveStream(nats.url, stream, handle, more);
  running.push(served.service);
  return served;
}

describe('an event', () => {
  it('arrives with its data, its conversation and the time it was recorded', async () => {
    const stream = testStream();
    const deliveries: [unknown, Delivery][] = [];
    const { service, publisher } = await serve(stream, (...got) => deliveries.push(got));
    await publisher.publish([outgoing(stream.happened.subject, 1)]);
    const [data, delivery] = await eventually(() => deliveries[0]);
    expect(data).toEqual({ n: 1 });
    expect(delivery).toMatchObject({
      messageId: `${stream.happened.subject}-1`,
      key: 'stream-1',
      subject: stream.happened.subject,
      recordedAt: '2026-11-21T12:00:00.000Z',
      attempt: 1,
      context: { correlationId: 'job_1', causationId: `${stream.happened.subject}-1` },
    });
    await settledAll(service, stream);
  });

  it('is acknowledged only after the Observable that its handler returned has ended', async () => {
    const stream = testStream();
    let end: (() => void) | undefined;
    const { service, publisher } = await serve(
      stream,
      () =>
        new Observable((subscriber) => {
          end = () => subscriber.complete();
        }),
    );
    await publisher.publish([outgoing(stream.happened.subject, 1)]);
    const complete = await eventually(() => end);
    expect(await pendingOf(service, stream)).toBe(1);
    expect(await publisher.status()).toMatchObject({ lastSequence: 1, settledSequence: 0 });
    complete();
    await settledAll(service, stream);
    expect(await publisher.status()).toMatchObject({ lastSequence: 1, settledSequence: 1 });
  });

  it('is handled once however slow its handler is', async () => {
    const stream = testStream();
    const handled: number[] = [];
    const ackWaitMs = 600;
    const { service, publisher } = await serve(
      stream,
      async ({ n }) => {
        handled.push(n);
        // Real time is what this is about: five times as long as JetStream waits.
        await new Promise((resolve) => setTimeout(resolve, 5 * ackWaitMs));
      },
      { server: { ackWaitMs } },
    );
    await publisher.publish([1, 2, 3].map((n) => outgoing(stream.happened.subject, n)));
    await settledAll(service, stream);
    expect(handled.toSorted((one, other) => one - other)).toEqual([1, 2, 3]);
  });

  it('comes again after a failure, later each time, and is parked after the fifth', async () => {
    const stream = testStream();
    const times: number[] = [];
    const attempts: number[] = [];
    const { service, publisher } = await serve(
      stream,
      ({ n }, { attempt }) => {
        if (n === 2) return;
        times.push(performance.now());
        attempts.push(attempt);
        throw new Error('no\nluck');
      },
      { server: { retryBaseMs: 40 } },
    );
    await publisher.publish([1, 2].map((n) => outgoing(stream.happened.subject, n)));
    const letter = await eventually(() => deadLetterOf(service, stream.durable));
    await settledAll(service, stream);
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    // 40, 80, 160, 320 ms, each a quarter more or less by chance.
    gaps.forEach((gap, i) => expect(gap).toBeGreaterThanOrEqual(40 * 2 ** i * 0.74));
    expect(letter.json()).toMatchObject({ id: `${stream.happened.subject}-1`, data: { n: 1 } });
    const header = (name: string) => letter.header.get(name);
    expect(header('safelight-dead-reason')).toBe('Error: no luck');
    expect(header('safelight-dead-subject')).toBe(stream.happened.subject);
    expect(header('safelight-dead-attempts')).toBe('5');
    expect(header('safelight-correlation-id')).toBe('job_1');
    expect(service.logs.filter(({ level }) => level === 'error')).toHaveLength(1);
    const metrics = await service.telemetry.metricsText();
    expect(metrics).toMatch(/safelight_bus_dead_letters_total\{[^}]*\} 1/);
    expect(metrics).toMatch(/safelight_bus_redeliveries_total\{[^}]*\} 4/);
    expect(await publisher.status()).toMatchObject({ lastSequence: 2, settledSequence: 2 });
  });

  it('is tried for as long as the database is away: only real failures make a dead letter', async () => {
    const stream = testStream();
    const outage = new Error('the database is away');
    const attempts: number[] = [];
    const { service, publisher } = await serve(
      stream,
      (_, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 9) throw outage;
      },
      { server: { retryBaseMs: 1, isUnavailable: (error) => error === outage } },
    );
    await publisher.publish([outgoing(stream.happened.subject, 1)]);
    await eventually(() => attempts.length === 9);
    await settledAll(service, stream);
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await service.telemetry.metricsText()).not.toMatch(/dead_letters_total\{/);
  });

  it.each([
    ['no JSON', 'not { json', 'message.invalid: not an event in JSON'],
    ['no event', '{"n":1}', 'message.invalid: not an event in JSON'],
    [
      'data of another shape',
      '{"id":"e1","key":"k","recordedAt":"2026-11-21T12:00:00Z","data":{"n":"one"}}',
      'message.invalid: /n',
    ],
  ])('is parked at once when it holds %s', async (_what, body, reason) => {
    const stream = testStream();
    const handled: unknown[] = [];
    const { service } = await serve(stream, (data) => handled.push(data));
    service.bus.nc.publish(stream.happened.subject, body);
    const letter = await eventually(() => deadLetterOf(service, stream.durable));
    expect(letter.string()).toBe(body);
    expect(letter.header.get('safelight-dead-reason')).toContain(reason);
    expect(letter.header.get('safelight-dead-attempts')).toBe('1');
    await settledAll(service, stream);
    expect(handled).toEqual([]);
  });
});
