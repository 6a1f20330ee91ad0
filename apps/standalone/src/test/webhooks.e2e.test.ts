import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  deliveryResource,
  gapReport,
  madeWebhookResource,
  newId,
  redeliveredRangeResource,
  removedWebhookResource,
  signingSecretResource,
  testedWebhookResource,
  webhookPayload,
  webhookResource,
  type WebhookPayload,
} from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const URL_OF_TEST = 'https://hooks.example.com/in';

interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

let fleet: Fleet;
let status = 204;
const received: Received[] = [];
const server = http.createServer((request, response) => {
  void request.toArray().then((chunks: Buffer[]) => {
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status).end();
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  fleet = await Fleet.start({
    layout: 'apart',
    gateways: 2,
    entries: { webhooks: './webhook-sender.js' },
    env: { RECEIVER_PORT: String(port) },
  });
}, 120_000);
afterAll(async () => {
  await fleet.close();
  server.close();
}, 60_000);

const customer = async () => {
  const { apiKey } = await fleet.account();
  return new TestClient(fleet.url, apiKey);
};
const payloadsOf = (jobId: string): WebhookPayload[] =>
  received
    .map(({ body }) => webhookPayload.parse(JSON.parse(body)))
    .filter(({ data }) => 'id' in data && data.id === jobId)
    .toSorted((a, b) => a.number - b.number);
const isSignedWith = (secret: string, { headers, body }: Received): boolean => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const mac = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(mac);
};

describe('webhooks', () => {
  it('tell an endpoint of a job as polling does, and nothing is missing in the end', async () => {
    const client = await customer();
    const events = ['job.queued', 'job.processing', 'job.completed'];
    const made = await client.send('POST', '/api/v1/webhooks', { url: URL_OF_TEST, events });
    expect(made.status).toBe(201);
    const { id, signing } = madeWebhookResource.parse(made.json.data);
    const job = await client.run(blank);
    const jobId = job.id as string;
    const told = await eventually(() => payloadsOf(jobId).length >= 3 && payloadsOf(jobId));
    expect(told.map(({ type, number }) => [type, number])).toEqual(
      events.map((type, index) => [type, index + 1]),
    );
    // The one numbered sequence that polling shows too.
    const timeline = (await client.get(`/api/v1/jobs/${jobId}/events`)).json.data as {
      sequence: number;
      type: string;
    }[];
    expect(
      told.map(({ sequence }) => timeline.find((one) => one.sequence === sequence)?.type),
    ).toEqual(['JobQueued', 'AttemptStarted', 'JobCompleted']);
    expect(told[0]?.data).toMatchObject({ status: 'pending', outputs: [], ended_at: null });
    expect(told[1]?.data).toMatchObject({ status: 'processing', outputs: [] });
    const { outputs, ...rest } = told[2]!.data as { outputs: { id: string; url: string }[] };
    const { outputs: polled, ...shown } = job as typeof rest & { outputs: { id: string }[] };
    expect(rest).toEqual(shown);
    expect(outputs.map((output) => output.id)).toEqual(polled.map((output) => output.id));
    expect((await fetch(outputs[0]!.url)).status).toBe(200);
    for (const one of received) expect(isSignedWith(signing.secret, one)).toBe(true);
    const gaps = await eventually(async () => {
      const { json } = await client.get(`/api/v1/webhooks/${id}/gaps`);
      return json.data.missing_count === 0 && gapReport.parse(json.data);
    });
    expect(gaps).toMatchObject({ from_number: 1, to_number: 3, missing: [] });
  }, 60_000);

  it('are given with a request, begin with a mock event in test mode, and can be sent again', async () => {
    const client = await customer();
    const test_mode = { enabled: true, return_status: 'failed' };
    const accepted = await client.generate({ ...blank, webhook: { url: URL_OF_TEST, test_mode } });
    expect(accepted.status).toBe(202);
    const { id: jobId } = accepted.json.data as { id: string };
    const { webhook_id: id } = accepted.json.meta as { webhook_id: string };
    const told = await eventually(() => payloadsOf(jobId).length >= 2 && payloadsOf(jobId));
    expect(told.map(({ type, test }) => [type, test])).toEqual([
      ['job.failed', true],
      ['job.completed', false],
    ]);
    const secret = signingSecretResource.parse(
      (await client.get('/api/v1/webhooks/secret')).json.data,
    );
    const last = received.find(({ headers }) => headers['webhook-id'] === told[1]?.id)!;
    expect(isSignedWith(secret.secret, last)).toBe(true);
    const deliveries = await eventually(async () => {
      const { json } = await client.get(`/api/v1/webhooks/${id}/deliveries?state=delivered`);
      const list = (json.data as unknown[]).map((one) => deliveryResource.parse(one));
      return list.length === 2 && list;
    });
    const path = `/api/v1/webhooks/${id}/deliveries/${deliveries[0]!.id}/redeliver`;
    expect((await client.send('POST', path)).status).toBe(202);
    await eventually(
      () => received.filter(({ headers }) => headers['webhook-id'] === told[1]?.id).length === 2,
    );
  }, 60_000);

  it('answer faults with problems that name the field and the remedy', async () => {
    const client = await customer();
    const refused = async (body: unknown): Promise<unknown> => {
      const { status: code, json } = await client.send('POST', '/api/v1/webhooks', body);
      return [code, json.code, json.errors?.[0]?.pointer];
    };
    const invalid = (pointer: string) => [422, 'VALIDATION_ERROR', pointer];
    expect(await refused({ url: 'http://hooks.example.com/' })).toEqual(invalid('/url'));
    expect(await refused({ url: 'https://a:b@hooks.example.com/' })).toEqual(invalid('/url'));
    expect(await refused({ url: 'https://[::1]/' })).toEqual(invalid('/url'));
    expect(await refused({ url: URL_OF_TEST, events: ['job.lost'] })).toEqual(invalid('/events/0'));
    expect(await refused({ url: URL_OF_TEST, event: [] })).toEqual(invalid('/event'));
    const inside = await client.generate({ ...blank, webhook: { url: 'https://10.0.0.1/' } });
    expect([inside.status, inside.json.errors?.[0]?.pointer]).toEqual([422, '/webhook/url']);
    const never = `/api/v1/webhooks/${newId('whk')}`;
    for (const path of [never, '/api/v1/webhooks/whk_x', `${never}/gaps`, `${never}/deliveries`]) {
      expect((await client.get(path)).status).toBe(404);
    }
    const range = await client.send('POST', `${never}/redeliver`, {});
    expect(range.status).toBe(422);
  });

  it('have a test button, secrets that rotate, and an end', async () => {
    const client = await customer();
    const made = await client.send('POST', '/api/v1/webhooks', { url: URL_OF_TEST });
    const { id } = madeWebhookResource.parse(made.json.data);
    const path = `/api/v1/webhooks/${id}`;
    const rotated = await client.send('POST', `${path}/rotate`, { overlap_seconds: 0 });
    const { signing } = madeWebhookResource.parse(rotated.json.data);
    const { json } = await client.send('POST', `${path}/test`);
    const tested = testedWebhookResource.parse(json.data);
    const heard = await eventually(() =>
      received.find(({ headers }) => headers['webhook-id'] === tested.event_id),
    );
    expect(isSignedWith(signing.secret, heard)).toBe(true);
    expect(JSON.parse(heard.body)).toMatchObject({
      type: 'webhook.test',
      data: { webhook_id: id },
    });
    status = 410;
    await client.send('POST', `${path}/test`);
    await eventually(async () => (await client.get(path)).json.data.status === 'disabled');
    status = 204;
    expect((await client.send('POST', `${path}/test`)).json.code).toBe('CONFLICT');
    const enabled = await client.send('POST', `${path}/enable`);
    expect(webhookResource.parse(enabled.json.data).status).toBe('active');
    const sent = await client.send('POST', `${path}/redeliver`, {
      from_number: 1,
      missing_only: true,
    });
    const range = redeliveredRangeResource.parse(sent.json.data);
    expect(range).toEqual({ count: 1, truncated: false });
    expect((await client.get('/api/v1/webhooks')).json.data).toHaveLength(1);
    const stranger = await customer();
    expect((await stranger.get(path)).status).toBe(404);
    const removed = await client.send('DELETE', path);
    expect(removedWebhookResource.parse(removed.json.data)).toEqual({ id, deleted: true });
    expect((await client.get(path)).status).toBe(404);
  }, 60_000);
});
