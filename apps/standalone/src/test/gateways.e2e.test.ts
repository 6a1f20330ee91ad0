import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, openAccount } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { TestClient, type Answer } from './client.js';
import { Fleet } from './fleet.js';
import { openStream, type OpenStream } from './open-stream.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const painted = { prompt: 'a quiet lake at dawn', width: 1024, height: 1024, steps: 100 };

const AN_HOUR_MS = 3_600_000;
/** Which gateways tell the wrong time. */
const [AHEAD, BEHIND] = [2, 3];

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({
    layout: 'apart',
    gateways: 4,
    clockSkewsMs: [0, 0, AN_HOUR_MS, -AN_HOUR_MS],
    workerSlots: 1,
    // Long enough for fifty connections on a busy machine; those come before the listener closes.
    env: { DRAIN_NOTICE_MS: '2000' },
  });
}, 180_000);
afterAll(() => fleet.close(), 60_000);

it('a gateway that is told to stop breaks no answer, and everything goes on at another', async () => {
  const { apiKey } = await fleet.account('500');
  const [leaving, staying] = fleet.urls.map((url) => new TestClient(url, apiKey)) as [
    TestClient,
    TestClient,
  ];
  // Ten jobs that one worker will not be through with before the gateway goes.
  const jobs = await Promise.all(
    Array.from(
      { length: 10 },
      async () => (await leaving.generate(painted)).json.data.id as string,
    ),
  );
  const streams = await Promise.all(jobs.map((id) => openStream(leaving, id)));
  await Promise.all(streams.map((stream) => stream.until(({ id }) => id !== undefined)));
  const waiting = leaving.generate(painted, { prefer: 'wait=60' });
  await eventually(async () => (await staying.get('/api/v1/jobs')).json.data.length === 11);

  const [gateway] = fleet.of('gateway');
  const before = gateway!.restarts;
  const submits = Array.from({ length: 50 }, () => leaving.generate(blank));
  gateway!.kill('SIGTERM');
  const answers = await Promise.all(submits);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  expect(new Set(answers.map(idOf)).size).toBe(50);

  // Who waits for the end of a job is told that it was accepted.
  const unfinished = await waiting;
  expect([unfinished.status, unfinished.json.data.status]).toEqual([202, 'pending']);

  const cut = await Promise.all(streams.map((stream) => stream.ended()));
  for (const frames of cut) {
    expect(frames.at(-1)?.event).toBe('drain');
    expect(frames.at(-1)?.id).toBeUndefined();
    expect(Number(frames.at(-1)?.retry)).toBeGreaterThanOrEqual(1_000);
  }
  await eventually(async () => gateway!.restarts > before, { deadlineMs: 15_000 });
  expect(gateway!.exits.at(-1)).toBe(0);

  await goesOn(staying, jobs, streams);
  for (const id of answers.map(idOf))
    expect((await staying.get(`/api/v1/jobs/${id}`)).status).toBe(200);
}, 180_000);

it('gateways that disagree on the time admit as many as one would', async () => {
  await fleet.ready();
  const limit = 60;
  const { apiKey } = await fleet.requests.request(openAccount, {
    accountId: newId('acc'),
    name: 'standard',
    plan: 'standard',
    grantMicros: 1n,
  });
  const clients = fleet.urls.map((url) => new TestClient(url, apiKey));
  expect(await idsInTurn([AHEAD, 0, BEHIND])).toEqual(['last', 'middle', 'first']);

  const started = performance.now();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => clients[i % clients.length]!.get('/api/v1/account')),
  );
  const grown = Math.ceil((performance.now() - started) / (60_000 / limit));
  const admitted = answers.filter(({ status }) => status === 200);
  expect(admitted.length).toBeGreaterThanOrEqual(limit);
  expect(admitted.length).toBeLessThanOrEqual(limit + grown);
  for (const { status, headers } of answers) {
    expect([200, 429]).toContain(status);
    expect(Number(headers.get('x-ratelimit-reset'))).toBeLessThanOrEqual(61);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(61);
  }
}, 60_000);

/** Ids sort by the clock of the gateway that made them: where each one of these stands. */
async function idsInTurn(gateways: readonly number[]): Promise<string[]> {
  const { apiKey } = await fleet.account('1');
  const made: string[] = [];
  for (const index of gateways) {
    const client = new TestClient(fleet.urls[index]!, apiKey);
    made.push(idOf(await client.send('POST', '/api/v1/keys', { scopes: ['jobs:read'] })));
  }
  const sorted = made.toSorted();
  return made.map((id) => ['first', 'middle', 'last'][sorted.indexOf(id)]!);
}

const idOf = ({ json }: Answer) => json.data.id as string;

/** Each stream goes on elsewhere after the last number that it brought: none twice, none left out. */
async function goesOn(
  elsewhere: TestClient,
  jobs: readonly string[],
  streams: readonly OpenStream[],
): Promise<void> {
  await Promise.all(jobs.map((id) => elsewhere.send('POST', `/api/v1/jobs/${id}/cancel`)));
  for (const [at, job] of jobs.entries()) {
    const before = numbersOf(streams[at]!);
    const resumed = await openStream(elsewhere, job, before.at(-1));
    await resumed.ended();
    const all = [...before, ...numbersOf(resumed)];
    expect(all).toEqual(all.map((_, index) => String(index + 1)));
    // A stream lasts until the job's end, at least: it may have begun after that.
    expect(all.length).toBeGreaterThanOrEqual(await eventsUntilEnd(elsewhere, job));
  }
}

/** What a cancelled attempt had used may be told after the job's end, and nothing else. */
async function eventsUntilEnd(client: TestClient, job: string): Promise<number> {
  const { data } = (await client.get(`/api/v1/jobs/${job}/events`)).json;
  const types = (data as { type: string }[]).map(({ type }) => type);
  const end = types.indexOf('JobCancelled');
  expect(types.slice(end + 1).filter((type) => type !== 'AttemptStopped')).toEqual([]);
  return end + 1;
}

const numbersOf = ({ frames }: OpenStream) => frames.flatMap(({ id }) => id ?? []);
