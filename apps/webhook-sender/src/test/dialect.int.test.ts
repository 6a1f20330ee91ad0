import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { attachWebhook, newId } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { Receiver } from './receiver.js';
import { WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
let receiver: Receiver;
beforeAll(async () => {
  world = await WebhookWorld.build();
  receiver = await Receiver.start();
});
afterAll(async () => {
  await receiver.close();
  await world.close();
});

it('tells the receiver of one job in its dialect, mock event and end, and others as ever', async () => {
  await world.sender();
  const standing = await world.endpoint(receiver, ['job.completed']);
  const job = { jobId: newId('job'), accountId: standing.accountId };
  await world.requests.request(attachWebhook, {
    ...job,
    ...{ url: receiver.url, events: ['job.completed'], mockStatus: 'failed', form: 'novita' },
  });
  await world.jobs.queue(job);
  await world.jobs.end(job);
  const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as object);
  await eventually(() => bodies().length === 3);
  const { url } = receiver;
  expect(bodies()).toEqual(
    expect.arrayContaining([
      { form: 'novita', url, status: 'failed' },
      { form: 'novita', url, status: 'completed' },
      expect.objectContaining({ type: 'job.completed', data: expect.any(Object) }),
    ]),
  );
  for (const { headers } of receiver.received) expect(headers['webhook-signature']).toMatch(/^v1,/);
});
