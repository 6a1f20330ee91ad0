import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type ChargeResource } from '@safelight/contracts';
import { eventually } from '@safelight/testing';
import { TestClient } from './client.js';
import { Fleet } from './fleet.js';

const blank = { prompt: 'a plain card', model: 'builtin/blank', width: 256, height: 256 };
const painted = { prompt: 'a quiet lake at dawn', width: 1024, height: 1024, steps: 60 };

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start({ layout: 'apart', gateways: 2 });
}, 120_000);
afterAll(() => fleet.close(), 60_000);

/** The same account, through each gateway. */
async function customer(credits = '100'): Promise<[TestClient, TestClient]> {
  const { apiKey } = await fleet.account(credits);
  const [first, second] = fleet.urls.map((url) => new TestClient(url, apiKey));
  return [first!, second!];
}
const available = async (client: TestClient): Promise<string> =>
  (await client.get('/api/v1/account')).json.data.credits.available as string;

describe('following a job', () => {
  interface Frame {
    readonly id?: string;
    readonly event?: string;
    readonly data?: string;
  }

  /** Reads frames of a stream until `enough`, then hangs up. */
  async function read(
    client: TestClient,
    jobId: string,
    lastId: string,
    enough: (frames: readonly Frame[]) => boolean,
  ): Promise<{ status: number; frames: Frame[]; ended: boolean }> {
    const answer = await fetch(`${client.url}/api/v1/jobs/${jobId}/events`, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${client.apiKey}`,
        'last-event-id': lastId,
      },
    });
    const frames: Frame[] = [];
    if (answer.status !== 200) return { status: answer.status, frames, ended: true };
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) {
      rest += decoder.decode(chunk as Uint8Array, { stream: true });
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      frames.push(...parts.map(frameOf).filter(({ event }) => event !== undefined));
      // Leaving the loop hangs up.
      if (enough(frames)) return { status: 200, frames, ended: false };
    }
    return { status: 200, frames, ended: true };
  }
  const frameOf = (text: string): Frame =>
    Object.fromEntries(
      text
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );

  it('by a stream that is cut again and again and goes on at another gateway', async () => {
    const clients = await customer();
    const { id } = (await clients[0].generate(painted)).json.data as { id: string };
    const seen: string[] = [];
    let cuts = 0;
    for (let ended = false; !ended; cuts += 1) {
      const last = String(seen.length);
      // First as soon as there is any byte, then after each event.
      const enough = (frames: readonly Frame[]) => cuts < 20 || frames.length > 0;
      const part = await read(clients[cuts % 2]!, id, last, enough);
      seen.push(...part.frames.flatMap((frame) => frame.id ?? []));
      ended = part.frames.some(({ event }) => event === 'JobCompleted');
      expect(cuts).toBeLessThan(500);
    }
    expect(cuts).toBeGreaterThanOrEqual(20);
    const timeline = (await clients[0].get(`/api/v1/jobs/${id}/events`)).json.data as unknown[];
    expect(seen).toEqual(timeline.map((_, index) => String(index + 1)));
    // Who has seen the last event is told not to come back.
    expect((await read(clients[1], id, String(seen.length), () => true)).status).toBe(204);
  }, 60_000);

  it('by one stream to its end, with progress beside the numbered events', async () => {
    const [client] = await customer();
    const { id } = (await client.generate(painted)).json.data as { id: string };
    const { frames, ended } = await read(client, id, '', () => false);
    expect(ended).toBe(true);
    const numbered = frames.filter(({ id: number }) => number !== undefined);
    expect(numbered.map(({ id: number }) => number)).toEqual(
      numbered.map((_, index) => String(index + 1)),
    );
    expect(numbered.at(-1)?.event).toBe('JobCompleted');
    expect(JSON.parse(numbered[0]?.data ?? '')).toMatchObject({
      sequence: 1,
      type: 'JobSubmitted',
    });
    const progress = frames.filter(({ event }) => event === 'progress');
    expect(progress.length).toBeGreaterThan(0);
  }, 60_000);

  it('of somebody else, or that never was, is answered as everywhere', async () => {
    const [mine] = await customer();
    const [, theirs] = await customer();
    const { id } = (await mine.generate(blank)).json.data as { id: string };
    const headers = { accept: 'text/event-stream' };
    const foreign = await theirs.get(`/api/v1/jobs/${id}/events`, headers);
    const never = await theirs.get(`/api/v1/jobs/${newId('job')}/events`, headers);
    expect([foreign.status, never.status]).toEqual([404, 404]);
    expect(foreign.json.code).toBe('NOT_FOUND');
  });

  it('by waiting for it: the finished job in time, the accepted one otherwise', async () => {
    const [client] = await customer();
    const done = await client.generate(blank, { prefer: 'wait=30' });
    expect([done.status, done.json.data.status]).toEqual([200, 'completed']);
    expect(done.json.data.outputs).toHaveLength(1);
    expect(done.headers.get('preference-applied')).toBe('wait=30');
    const impatient = await client.generate({ ...painted, steps: 100 }, { prefer: 'wait=0' });
    expect([impatient.status, impatient.json.data.status]).toEqual([202, 'pending']);
    await client.send('POST', `/api/v1/jobs/${impatient.json.data.id as string}/cancel`);
  });

  it('until it is cancelled, which gives everything back', async () => {
    const [client, other] = await customer();
    const { id } = (await client.generate({ ...painted, steps: 100 })).json.data as { id: string };
    const cancelled = await other.send('POST', `/api/v1/jobs/${id}/cancel`);
    expect(cancelled.status).toBe(200);
    expect(cancelled.json.data).toMatchObject({
      status: 'cancelled',
      charge: { captured: '0', refunded: '1' },
    });
    expect(await available(client)).toBe('100');
    const finished = await client.run(blank);
    const late = await client.send('POST', `/api/v1/jobs/${finished.id as string}/cancel`);
    expect([late.status, late.json.code]).toEqual([409, 'CONFLICT']);
  });

  describe('that is cancelled', () => {
    /** Cancels a job as soon as it is so far; one that was too quick is made again. */
    async function cancelledAt(client: TestClient, percent: number): Promise<string> {
      return eventually(
        async () => {
          const { id } = (await client.generate(painted)).json.data as { id: string };
          await eventually(
            async () => {
              const { progress, ended_at } = (await client.get(`/api/v1/jobs/${id}`)).json.data as {
                progress: number;
                ended_at: string | null;
              };
              return progress >= percent || ended_at !== null;
            },
            { deadlineMs: 60_000 },
          );
          const answer = await client.send('POST', `/api/v1/jobs/${id}/cancel`);
          return answer.status === 200 && id;
        },
        { deadlineMs: 180_000 },
      );
    }
    const chargeOf = async (client: TestClient, id: string) =>
      (await client.get(`/api/v1/jobs/${id}/charge`)).json.data as ChargeResource;

    it.each([1, 50, 90])(
      'at %i % tells what it used, costs nothing, and frees the worker',
      async (percent) => {
        const [client] = await customer();
        const id = await cancelledAt(client, percent);
        const charge = await eventually(
          async () => {
            const data = await chargeOf(client, id);
            return data.used.attempts.length > 0 && data;
          },
          { deadlineMs: 30_000 },
        );
        const { attempt, end, gpu_ms, event } = charge.used.attempts[0]!;
        expect({ attempt, end }).toEqual({ attempt: 1, end: 'stopped' });
        expect(gpu_ms).toBeGreaterThan(0);
        expect(charge.used).toMatchObject({ gpu_ms, attempts: { length: 1 } });
        const paid = { type: 'release', captured: '0', refunded: '1', reason: 'job.cancelled' };
        expect(charge.settlement).toMatchObject(paid);
        const { data } = (await client.get(`/api/v1/jobs/${id}/events`)).json as {
          data: unknown[];
        };
        expect(data[event - 1]).toMatchObject({
          ...{ sequence: event, type: 'AttemptStopped', data: { attempt: 1, gpu_ms } },
        });
        // On the only slot there is.
        expect((await client.run(blank, 60_000)).status).toBe('completed');
      },
      240_000,
    );

    it('before its turn has used nothing', async () => {
      const [client] = await customer();
      const first = (await client.generate({ ...painted, steps: 100 })).json.data.id as string;
      const second = (await client.generate(painted)).json.data.id as string;
      await client.send('POST', `/api/v1/jobs/${second}/cancel`);
      await client.send('POST', `/api/v1/jobs/${first}/cancel`);
      expect((await client.run(blank, 60_000)).status).toBe('completed');
      const charge = await chargeOf(client, second);
      expect(charge.used).toEqual({ gpu_ms: 0, attempts: [] });
      expect(charge.settlement).toMatchObject({ captured: '0', refunded: '1' });
    }, 120_000);
  });
});
