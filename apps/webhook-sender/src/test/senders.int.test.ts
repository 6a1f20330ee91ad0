import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { answering, Receiver, stalling, type Behaviour } from './receiver.js';
import { egressOfTest, keyText, WebhookWorld } from './webhook-world.js';

let world: WebhookWorld;
const receivers: Receiver[] = [];
beforeAll(async () => {
  world = await WebhookWorld.build();
});
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close();
  await world.stopSenders();
});
afterAll(() => world.close());

async function receiverThat(behaviour?: Behaviour): Promise<Receiver> {
  const receiver = await Receiver.start(behaviour);
  receivers.push(receiver);
  return receiver;
}
/** On a loaded machine it takes a while. */
const PROCESS_START = { deadlineMs: 60_000 };
const jobOf = (accountId: string) => ({ jobId: newId('job'), accountId });

describe('a slow receiver', () => {
  it('delays no other, not even one of the same account', async () => {
    await world.sender(egressOfTest);
    const [slow, fast] = [await receiverThat(stalling), await receiverThat()];
    const held = await world.endpoint(slow);
    const quick = await world.endpoint(fast, ['job.queued'], held.accountId);
    for (let n = 0; n < 20; n += 1) await world.jobs.queue(jobOf(held.accountId));
    // All have come here while the other has answered none of the first ones that it was sent.
    await eventually(() => fast.received.length === 20 && slow.received.length > 0);
    await eventually(async () => (await world.gaps(quick)).missingCount === 0);
    expect((await world.gaps(held)).pendingCount).toBe(20);
    expect(slow.received.length).toBeLessThanOrEqual(8);
    expect((await world.deliveries(held)).flatMap(({ attempts }) => attempts)).toEqual([]);
  });

  it('of which an account has very many leaves places for other accounts', async () => {
    await world.sender(egressOfTest);
    const accountId = newId('acc');
    // Every name leads here, and each is a receiver of its own.
    const slow = await receiverThat(stalling);
    const port = new URL(slow.url).port;
    for (let n = 0; n < 20; n += 1) {
      const at = { url: `http://h${n}.example.com:${port}/` } as Receiver;
      await world.endpoint(at, ['job.queued'], accountId);
    }
    await world.jobs.queue(jobOf(accountId));
    await eventually(() => slow.received.length >= 8);
    const fast = await receiverThat();
    const other = await world.endpoint(fast);
    await world.jobs.queue(jobOf(other.accountId));
    await eventually(async () => fast.received.length === 1);
    expect(slow.received.length).toBe(8);
  });
});

describe('several senders', () => {
  it('share the work and send nothing twice', async () => {
    for (let n = 0; n < 3; n += 1) await world.sender(egressOfTest);
    const some = await Promise.all([1, 2, 3, 4].map(() => receiverThat()));
    const ends = await Promise.all(some.map((receiver) => world.endpoint(receiver)));
    const news = ends.flatMap(({ accountId }) =>
      Array.from({ length: 25 }, () => world.jobs.queue(jobOf(accountId))),
    );
    await Promise.all(news);
    await eventually(async () => {
      const gaps = await Promise.all(ends.map((at) => world.gaps(at)));
      return gaps.every(({ toNumber, missingCount }) => toNumber === 25 && missingCount === 0);
    });
    for (const receiver of some) {
      const numbers = receiver.payloads().map(({ number }) => number);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, index) => index + 1));
    }
  });
});

describe('a sender that is killed', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'safelight-webhooks-'));
    await writeFile(join(folder, 'key'), keyText);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const launch = (...args: string[]) =>
    spawn(
      process.execPath,
      [fileURLToPath(new URL('./sender-process.js', import.meta.url)), ...args],
      {
        env: {
          PATH: process.env['PATH'] ?? '',
          DATABASE_URL: world.databaseUrl,
          NATS_URL: world.nats.url,
          WEBHOOK_KEY_FILE: join(folder, 'key'),
          LOG_LEVEL: 'warn',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );

  it('between the answer and its record has the event sent again, under the same id', async () => {
    const receiver = await receiverThat(answering(200));
    const doomed = launch('die-after-answer');
    const gone = once(doomed, 'exit');
    const at = await eventually(() => world.endpoint(receiver), PROCESS_START);
    await world.jobs.queue(jobOf(at.accountId));
    expect(await gone).toEqual([null, 'SIGKILL']);
    expect(receiver.received).toHaveLength(1);
    // The claim of the dead lapses in its time, which here is put forward by hand.
    await world.pool.query('UPDATE webhooks.receivers SET claimed_until = now()');
    const next = launch();
    await eventually(async () => (await world.gaps(at)).missingCount === 0, PROCESS_START);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    // Of the first nobody could write down anything.
    expect((await world.deliveries(at))[0]?.attempts).toHaveLength(1);
    const ended = once(next, 'exit');
    next.kill('SIGTERM');
    await ended;
  });
});
