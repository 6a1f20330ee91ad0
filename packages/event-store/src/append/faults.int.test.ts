import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { createPool } from '@safelight/postgres';
import { eventually } from '@safelight/testing';
import { EventStore, type EventStoreOptions } from '../event-store.js';
import { StoreUnavailable } from '../faults.js';
import { happened, newId, schema, storeDatabase, unitOf } from '../test/store-database.js';
import type { InlineProjection } from './batch-writer.js';

const database = storeDatabase();
const newStore = (options: Partial<EventStoreOptions> = {}) =>
  new EventStore({ pool: database.runtime, schema, ...options });

/** A projection that can be told to do something to the batch in the middle of it. */
function intruder(act: (events: readonly RecordedEvent[], backend: number) => Promise<void>) {
  const projection: InlineProjection = {
    name: 'intruder',
    apply: async (client, events) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await act(events, rows[0]!.pid);
    },
  };
  return projection;
}

const terminate = (pid: number) => database.admin.query('SELECT pg_terminate_backend($1)', [pid]);

describe('a unit that a projection cannot stomach', () => {
  it('fails alone', async () => {
    const projection = intruder(async (events) => {
      if (events.some(({ event }) => (event as { what?: string }).what === 'poison')) {
        throw new Error('poison');
      }
    });
    const store = newStore({ projections: [projection] });
    const units = Array.from({ length: 40 }, (_, index) =>
      unitOf({ events: [happened(index % 13 === 5 ? 'poison' : 'fine')] }),
    );
    const outcomes = await Promise.allSettled(units.map((unit) => store.append(unit)));
    const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? index : []));
    expect(failed).toEqual([5, 18, 31]);
    const streams = await store.readMany(units.map(({ streamId }) => streamId));
    const lengths = units.map(({ streamId }) => streams.get(streamId)!.length);
    expect(lengths).toEqual(units.map((_, index) => (failed.includes(index) ? 0 : 1)));
  });

  it('fails alone when the statement itself is at fault', async () => {
    const store = newStore();
    const bad = unitOf({ expectedVersion: 2_147_483_646, events: [happened('a'), happened('b')] });
    const [good, refused] = await Promise.allSettled([store.append(unitOf()), store.append(bad)]);
    expect(good).toMatchObject({ status: 'fulfilled', value: { status: 'appended' } });
    expect(refused.status).toBe('rejected');
  });
});

describe('a connection that is lost', () => {
  it('in the middle of a batch costs no append', async () => {
    let kills = 3;
    const projection = intruder(async (_events, pid) => {
      if (kills > 0) {
        kills -= 1;
        await terminate(pid);
      }
    });
    const store = newStore({ projections: [projection] });
    const heard: string[] = [];
    store.onCommitted((events) => heard.push(...events.map(({ streamId }) => streamId)));
    const units = Array.from({ length: 20 }, () => unitOf());
    const outcomes = await Promise.all(units.map((unit) => store.append(unit)));
    expect(outcomes.map(({ status }) => status)).toEqual(units.map(() => 'appended'));
    expect(heard.toSorted()).toEqual(units.map(({ streamId }) => streamId).toSorted());
    expect(kills).toBe(0);
  });

  it('before COMMIT is answered: the commit is found and reported as ours, once', async () => {
    const { pool, lost } = poolThatLosesCommits(database.runtimeUrl);
    const store = newStore({ pool });
    const heard: RecordedEvent[] = [];
    store.onCommitted((events) => heard.push(...events));
    const inbox = { consumer: 'jobs', messageId: newId('m') };
    const units = [unitOf({ inbox }), unitOf({ events: [happened('a'), happened('b')] })];
    const outcomes = await Promise.all(units.map((unit) => store.append(unit)));
    expect(lost()).toBe(1);
    for (const [index, outcome] of outcomes.entries()) {
      const events = await store.read(units[index]!.streamId);
      expect(outcome).toEqual({ status: 'appended', events });
      expect(events).toHaveLength(units[index]!.events.length);
    }
    expect(heard.map(({ version }) => version).toSorted()).toEqual([1, 1, 2]);
    await pool.end();
  });

  it('to an idle or busy server that crashes: the store recovers by itself', async () => {
    const store = newStore();
    await store.append(unitOf());
    const [backend] = await database.postgres.server.backendPids();
    const appends = Array.from({ length: 50 }, () => store.append(unitOf()));
    // SIGKILL of one backend makes the server restart all of itself.
    process.kill(backend!, 'SIGKILL');
    const outcomes = await Promise.all([...appends, store.append(unitOf())]);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['appended']));
  });

  it('for good: appends are rejected with a typed error, and later ones succeed', async () => {
    const gone = createPool({ url: 'postgres://x:y@127.0.0.1:1/none', applicationName: 'gone' });
    const store = newStore({ pool: gone, patienceMs: 100 });
    await expect(store.append(unitOf())).rejects.toThrow(StoreUnavailable);
    await gone.end();
    await eventually(() => database.runtime.query('SELECT 1'));
  });
});

/** A pool whose first COMMIT reaches the server, while its answer never reaches us. */
function poolThatLosesCommits(url: string) {
  const pool = createPool({ url, applicationName: 'lossy' });
  let losses = 0;
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: async (...args: unknown[]) => {
        const answer = await query(...args);
        if (args[0] !== 'COMMIT' || losses > 0) return answer;
        losses += 1;
        throw new Error('Connection terminated unexpectedly');
      },
    });
  });
  return { pool, lost: () => losses };
}
