import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  attachWebhook,
  getAccountSecret,
  getWebhook,
  listWebhooks,
  newId,
  redeliver,
  registerWebhook,
  removeWebhook,
  rotateAccountSecret,
  rotateWebhook,
  testWebhook,
} from '@safelight/contracts';
import { createEgress } from '@safelight/egress';
import { eventually } from '@safelight/testing';
import { forget } from '../retention.js';
import { Receiver } from './receiver.js';
import { refusalOf } from './verifier.js';
import { impatient, WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
let receiver: Receiver;
beforeAll(async () => {
  world = await WebhookWorld.build();
  receiver = await Receiver.start();
});
afterEach(async () => {
  await world.stopSenders();
  receiver.received.length = 0;
});
afterAll(async () => {
  await receiver.close();
  await world.close();
});
const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('the secret of an endpoint', () => {
  it('rotates with an overlap in which both are good, and never are there more than two', async () => {
    await world.sender(impatient);
    const at = await world.endpoint(receiver);
    const rotated = { ...at, overlapSeconds: 3600 };
    const second = (await world.requests.request(rotateWebhook, rotated)).signing;
    const sendTest = async () => {
      receiver.received.length = 0;
      await world.requests.request(testWebhook, at);
      return eventually(() => receiver.received[0]);
    };
    const good = async (keys: string[]) => {
      const received = await sendTest();
      return keys.map((key) => refusalOf(received, key, world.clock.now()) === undefined);
    };
    expect(await good([at.secret, at.publicKey, second.secret, second.publicKey])).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const third = (await world.requests.request(rotateWebhook, rotated)).signing;
    expect(await good([at.secret, second.secret, third.secret])).toEqual([false, true, true]);
    world.pass(3_601_000);
    expect(await good([second.secret, third.publicKey])).toEqual([false, true]);
  });

  it('is nowhere in the database as it is told', async () => {
    await world.sender(impatient);
    const at = await world.endpoint(receiver);
    const raw = Buffer.from(at.secret.slice('whsec_'.length), 'base64');
    const { rows } = await world.pool.query<{ ciphertext: Buffer }>(
      'SELECT ciphertext FROM webhooks.secrets WHERE owner = $1',
      [at.webhookId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.ciphertext.includes(raw)).toBe(false);
  });
});

describe('a webhook for one job', () => {
  it('hears of that job alone, signed with the account’s secret, after a mock event if asked', async () => {
    await world.sender(impatient);
    const accountId = newId('acc');
    const job = { jobId: newId('job'), accountId };
    const wanted = { ...job, url: receiver.url, events: ['job.completed' as const] };
    const attach = { ...wanted, mockStatus: 'failed' as const };
    const { webhookId } = await world.requests.request(attachWebhook, attach);
    // A client that asks twice has one.
    expect(await world.requests.request(attachWebhook, attach)).toEqual({ webhookId });
    await eventually(() => receiver.received.length === 1);
    await world.jobs.queue({ jobId: newId('job'), accountId });
    await world.jobs.end({ jobId: newId('job'), accountId });
    await world.jobs.end(job);
    await eventually(() => receiver.received.length === 2);
    expect(receiver.payloads()).toMatchObject([
      { type: 'job.failed', test: true, number: 1, data: { id: job.jobId, status: 'failed' } },
      { type: 'job.completed', test: false, number: 2, data: { id: job.jobId } },
    ]);
    const { signing } = await world.requests.request(getAccountSecret, { accountId });
    for (const received of receiver.received) {
      expect(refusalOf(received, signing.secret, world.clock.now())).toBeUndefined();
      expect(refusalOf(received, signing.publicKey, world.clock.now())).toBeUndefined();
    }
    const rotated = { accountId, overlapSeconds: 0 };
    const { signing: next } = await world.requests.request(rotateAccountSecret, rotated);
    expect(next.secret).not.toBe(signing.secret);
    const listed = { accountId, limit: 10, before: null };
    expect((await world.requests.request(listWebhooks, listed)).endpoints).toEqual([]);
  });

  it('tells of a job that was deleted meanwhile that it was', async () => {
    await world.sender(impatient);
    const at = await world.endpoint(receiver);
    const job = { jobId: newId('job'), accountId: at.accountId };
    const { show } = world;
    world.show = () => null;
    await world.jobs.end(job);
    await eventually(() => receiver.received.length === 1);
    world.show = show;
    expect(receiver.payloads()[0]?.data).toEqual({
      id: job.jobId,
      status: 'completed',
      deleted: true,
    });
  });
});

describe('an endpoint', () => {
  it('is nobody else’s: another account finds nothing, as if it had never been', async () => {
    await world.sender(impatient);
    const at = await world.endpoint(receiver);
    const stranger = { ...at, accountId: newId('acc') };
    const deliveryId = newId('dlv');
    const asked = [
      world.requests.request(getWebhook, stranger),
      world.requests.request(removeWebhook, stranger),
      world.requests.request(testWebhook, stranger),
      world.requests.request(rotateWebhook, { ...stranger, overlapSeconds: 0 }),
      world.requests.request(redeliver, { ...stranger, deliveryId }),
      world.deliveries(stranger),
      world.gaps(stranger),
      world.requests.request(redeliver, { ...at, deliveryId }),
    ];
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'webhook.not_found' } });
    }
  });

  it('that was removed is told nothing more', async () => {
    await world.sender(impatient);
    const at = await world.endpoint(receiver);
    const stays = await world.endpoint(receiver, ['job.queued'], at.accountId);
    await world.requests.request(removeWebhook, at);
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    await eventually(async () => (await world.gaps(stays)).toNumber === 1 && receiver.received[0]);
    expect(receiver.received).toHaveLength(1);
    await expect(world.gaps(at)).rejects.toEqual(refusal('webhook.not_found'));
  });

  it('is one of twenty at most, however many are asked for at once', async () => {
    await world.sender(impatient);
    const accountId = newId('acc');
    const asked = await Promise.allSettled(
      Array.from({ length: 24 }, () => world.endpoint(receiver, undefined, accountId)),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const listed = { accountId, limit: 15, before: null };
    const page = await world.requests.request(listWebhooks, listed);
    const rest = await world.requests.request(listWebhooks, { ...listed, before: page.next });
    const ids = [...page.endpoints, ...rest.endpoints].map(({ id }) => id);
    expect(new Set(ids).size).toBe(20);
    expect(rest.next).toBeNull();
  });

  it('of a job stays, though it would be refused by now', async () => {
    await world.sender(impatient);
    const job = { jobId: newId('job'), accountId: newId('acc'), mockStatus: null };
    const attach = { ...job, url: receiver.url, events: ['job.completed' as const] };
    const { webhookId } = await world.requests.request(attachWebhook, attach);
    await world.stopSenders();
    await world.sender(createEgress());
    expect(await world.requests.request(attachWebhook, attach)).toEqual({ webhookId });
    const fresh = world.requests.request(attachWebhook, { ...attach, jobId: newId('job') });
    await expect(fresh).rejects.toEqual(refusal('webhook.url_refused'));
  });

  it('inside our own network is refused when it is given, and never called', async () => {
    await world.sender(createEgress());
    const wanted = { accountId: newId('acc'), events: ['job.queued' as const], description: '' };
    for (const url of ['https://127.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest']) {
      await expect(world.requests.request(registerWebhook, { ...wanted, url })).rejects.toEqual(
        refusal('webhook.url_refused'),
      );
    }
    // One that came in all the same, before its name led here, say.
    const at = { accountId: wanted.accountId, webhookId: newId('whk') };
    await world.pool.query(
      `INSERT INTO webhooks.endpoints
         (id, account_id, url, receiver, events, description, created_at)
       VALUES ($1, $2, $3, $3, '{job.queued}', '', now())`,
      [at.webhookId, at.accountId, receiver.url.replace('hooks.example.com', '127.0.0.1')],
    );
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    const attempt = await eventually(async () => (await world.deliveries(at))[0]?.attempts[0]);
    expect(attempt).toMatchObject({ status: null });
    expect(attempt.error).toMatch(/https/);
    expect(receiver.received).toEqual([]);
  });
});

describe('what is kept', () => {
  const DAY_MS = 86_400_000;

  it('is every try for thirty days, then nothing of it but the count', async () => {
    await world.sender(impatient);
    const at = await world.endpoint(receiver);
    const job = { jobId: newId('job'), accountId: at.accountId };
    const once = { ...job, url: receiver.url, events: ['job.queued' as const], mockStatus: null };
    const { webhookId } = await world.requests.request(attachWebhook, once);
    const ofJob = { accountId: at.accountId, webhookId };
    await world.jobs.queue(job);
    await eventually(async () => {
      const gaps = await Promise.all([world.gaps(at), world.gaps(ofJob)]);
      return gaps.every(({ toNumber, missingCount }) => toNumber === 1 && missingCount === 0);
    });
    world.clock.advance(29 * DAY_MS);
    await forget(world.pool, world.clock);
    expect((await world.deliveries(at))[0]?.attempts).toHaveLength(1);
    world.clock.advance(2 * DAY_MS);
    await forget(world.pool, world.clock);
    expect(await world.deliveries(at)).toEqual([]);
    // Nothing is missing: what is no longer kept is not spoken of.
    expect(await world.gaps(at)).toMatchObject({ fromNumber: 2, toNumber: 1, missingCount: 0 });
    await expect(world.gaps(ofJob)).rejects.toEqual(refusal('webhook.not_found'));
    await world.jobs.queue({ jobId: newId('job'), accountId: at.accountId });
    await eventually(async () => (await world.deliveries(at)).length === 1);
    expect((await world.deliveries(at))[0]?.number).toBe(2);
  });
});
