import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  enableWebhook,
  newId,
  newUuid,
  redeliver,
  redeliverRange,
  webhookPayload,
} from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { WAITS_MS } from '../sending/schedule.js';
import { answering, hangingUp, lying, Receiver, stalling, type Behaviour } from './receiver.js';
import { refusalOf } from './verifier.js';
import { impatient, WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
const receivers: Receiver[] = [];
beforeAll(async () => {
  world = await WebhookWorld.build();
});
afterEach(async () => {
  await world.stopSenders();
  for (const receiver of receivers.splice(0)) await receiver.close();
});
afterAll(() => world.close());

async function receiverThat(behaviour?: Behaviour): Promise<Receiver> {
  const receiver = await Receiver.start(behaviour);
  receivers.push(receiver);
  return receiver;
}
const HOUR_MS = 3_600_000;
const LATER_MS = 30 * HOUR_MS;

/** Puts the clock forward, try after try, until it holds. */
const asTimePasses = (check: () => Promise<boolean> | boolean) =>
  eventually(
    async () => {
      if (await check()) return true;
      world.pass(LATER_MS);
      return false;
    },
    { deadlineMs: 30_000 },
  );

describe('the events of a job', () => {
  it('reach their receiver once each, numbered, and signed in both schemes', async () => {
    await world.sender(impatient);
    const receiver = await receiverThat();
    const at = await world.endpoint(receiver);
    const job = { jobId: newId('job'), accountId: at.accountId };
    await world.jobs.queue(job);
    await world.jobs.begin(job);
    await world.jobs.end(job);
    await eventually(async () => (await world.gaps(at)).missingCount === 0 && receiver.received[2]);
    const payloads = receiver.payloads().toSorted((a, b) => a.number - b.number);
    expect(payloads.map(({ type, number, sequence }) => [type, number, sequence])).toEqual([
      ['job.queued', 1, 4],
      ['job.processing', 2, 5],
      ['job.completed', 3, 9],
    ]);
    for (const received of receiver.received) {
      expect(webhookPayload.safeParse(JSON.parse(received.body)).success).toBe(true);
      for (const key of [at.secret, at.publicKey]) {
        expect(refusalOf(received, key, world.clock.now())).toBeUndefined();
      }
    }
    expect(payloads[2]).toMatchObject({
      poll_url: `/api/v1/jobs/${job.jobId}`,
      data: { id: job.jobId, status: 'completed' },
    });
    expect(await world.gaps(at)).toMatchObject({ fromNumber: 1, toNumber: 3, missing: [] });
  });

  it('are refused by the receiver when somebody else sends them again later, or alters them', async () => {
    await world.sender(impatient);
    const receiver = await receiverThat();
    const at = await world.endpoint(receiver);
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    const received = await eventually(() => receiver.received[0]);
    const now = world.clock.now().getTime();
    expect(refusalOf(received, at.secret, new Date(now + 6 * 60_000))).toBe('too old');
    const altered = { ...received, body: received.body.replace('pending', 'completed') };
    const renewed = {
      ...received.headers,
      'webhook-timestamp': String(Math.floor(now / 1000) + 60),
    };
    for (const key of [at.secret, at.publicKey]) {
      expect(refusalOf(altered, key, new Date(now))).toBe('signature');
      expect(refusalOf({ ...received, headers: renewed }, key, new Date(now))).toBe('signature');
    }
  });

  it('are made into deliveries once, however often the bus brings them', async () => {
    await world.sender(impatient);
    const receiver = await receiverThat();
    const at = await world.endpoint(receiver);
    const job = { jobId: newId('job'), accountId: at.accountId };
    const id = newUuid();
    await world.jobs.queue(job, id);
    await eventually(() => receiver.received.length === 1);
    // As after a crash before the acknowledgement; the stream's own window would hide it otherwise.
    await world.nats.restartEmpty();
    await world.bus.whenConnected();
    await eventually(() => world.jobs.queue(job, id).then(() => true));
    await world.jobs.end(job);
    await eventually(() => receiver.received.length === 2);
    expect(receiver.payloads().map(({ type }) => type)).toEqual(['job.queued', 'job.completed']);
    expect(await world.gaps(at)).toMatchObject({ toNumber: 2, missingCount: 0 });
  });

  it('wait, uncounted, while the gateway cannot show the job', async () => {
    await world.sender(impatient);
    await world.gatewayDown();
    const receiver = await receiverThat();
    const at = await world.endpoint(receiver);
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    const [waiting] = await eventually(async () => {
      const deliveries = await world.deliveries(at);
      return deliveries.length === 1 && deliveries;
    });
    await eventually(async () => (await world.deliveries(at))[0]?.dueAt !== waiting?.dueAt);
    await world.gatewayUp();
    await asTimePasses(() => receiver.received.length === 1);
    await eventually(async () => (await world.gaps(at)).missingCount === 0);
    expect((await world.deliveries(at))[0]?.attempts).toHaveLength(1);
  });
});

describe('a receiver', () => {
  it('that fails, stalls, hangs up, lies and redirects gets every event in the end', async () => {
    await world.sender(impatient);
    const elsewhere = await receiverThat();
    const moods: Behaviour[] = [
      answering(500),
      stalling,
      hangingUp,
      lying,
      answering(302, { location: elsewhere.url }),
      answering(404),
    ];
    const tries = new Map<string, number>();
    const moody: Behaviour = (response, received) => {
      const id = received.headers['webhook-id'] ?? '';
      const nth = tries.get(id) ?? 0;
      tries.set(id, nth + 1);
      (moods[nth] ?? answering(200))(response, received);
    };
    const receiver = await receiverThat(moody);
    const at = await world.endpoint(receiver);
    for (let n = 0; n < 3; n += 1) {
      const job = { jobId: newId('job'), accountId: at.accountId };
      await world.jobs.queue(job);
      await world.jobs.end(job);
    }
    await eventually(async () => (await world.deliveries(at)).length === 6);
    await asTimePasses(async () => (await world.gaps(at)).missingCount === 0);
    expect([...tries.values()]).toEqual([7, 7, 7, 7, 7, 7]);
    expect(elsewhere.received).toEqual([]);
    for (const { attempts, state, acknowledgedAt } of await world.deliveries(at)) {
      expect(attempts.map(({ status }) => status)).toEqual([500, null, null, null, 302, 404, 200]);
      expect(attempts.map(({ error }) => error === null)).toEqual([
        ...Array.from({ length: 6 }, () => false),
        true,
      ]);
      expect([state, acknowledgedAt === null]).toEqual(['delivered', false]);
    }
  });

  it('that is never well is tried for three days, and again when its owner asks', async () => {
    await world.sender(impatient);
    const receiver = await receiverThat(answering(500));
    const at = await world.endpoint(receiver);
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    await asTimePasses(async () => (await world.deliveries(at))[0]?.state === 'failed');
    const [delivery] = await world.deliveries(at);
    expect(delivery?.attempts).toHaveLength(WAITS_MS.length + 1);
    const [first, last] = [delivery?.attempts[0], delivery?.attempts.at(-1)];
    expect(Date.parse(last?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThan(72 * HOUR_MS);
    expect(await world.gaps(at)).toMatchObject({ missing: [{ from: 1, to: 1 }], pendingCount: 0 });
    receiver.behaviour = answering(200);
    await world.requests.request(redeliver, { ...at, deliveryId: delivery?.id ?? '' });
    await eventually(async () => (await world.gaps(at)).missingCount === 0);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('that says 410 is not called any more, until its owner enables it and asks for a range', async () => {
    await world.sender(impatient);
    const receiver = await receiverThat(answering(500));
    const at = await world.endpoint(receiver);
    for (let n = 0; n < 3; n += 1) {
      await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    }
    await eventually(() => receiver.received.length >= 3);
    receiver.behaviour = answering(410);
    await asTimePasses(async () => {
      const deliveries = await world.deliveries(at);
      return deliveries.every(({ state }) => state === 'failed');
    });
    const range = { since: null, until: null, fromNumber: 1, toNumber: null, missingOnly: true };
    await expect(world.requests.request(redeliverRange, { ...at, ...range })).rejects.toMatchObject(
      {
        code: 'webhook.disabled',
      },
    );
    const { endpoint } = await world.requests.request(enableWebhook, at);
    expect(endpoint.disabledAt).toBeNull();
    receiver.behaviour = answering(200);
    const asked = await world.requests.request(redeliverRange, { ...at, ...range });
    expect(asked).toEqual({ count: 3, truncated: false });
    await eventually(async () => (await world.gaps(at)).missingCount === 0);
  });

  it('that answers 429 is left alone as long as it asks', async () => {
    await world.sender(impatient);
    const receiver = await receiverThat(answering(429, { 'retry-after': '7200' }));
    const at = await world.endpoint(receiver);
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    const attempt = await eventually(async () => (await world.deliveries(at))[0]?.attempts[0]);
    const patience = Date.parse(attempt.nextAt ?? '') - Date.parse(attempt.at);
    expect(patience).toBeGreaterThanOrEqual(2 * HOUR_MS);
    expect(patience).toBeLessThan(2 * HOUR_MS + 60_000);
  });
});
