import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { createPool } from '@safelight/postgres';
import { eventually } from '@safelight/testing';
import { EventStore, type EventStoreOptions } from '../event-store.js';
import { StoreUnavailable } from '../faults.js';
import { happened, newId, schema, storeDatabase, unitOf } from '../test/store-database.js';
import type { InlineProjection, StagedEvent } from './projection.js';

const database = storeDatabase();
const newStore = (options: Partial<EventStoreOptions> = {}) =>
  new EventStore({ pool: database.runtime, schema, ...options });

/** A projection with one statement for the whole batch, made from its events. */
const saying = (text: (events: readonly StagedEvent[]) => string): InlineProjection => ({
  name: 'intruder',
  statements: (events) => {
    const said = text(events);
    return [{ name: said, text: said, values: [] }];
  },
});

describe('a unit that a projection cannot stomach', () => {
  it('fails alone', async () => {
    const isPoison = ({ event }: StagedEvent) => (event as { what?: string }).what === 'poison';
    const projection = saying((events) => `SELECT 1 / ${events.some(isPoison) ? 0 : 1}`);
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

  it('fails alone when the projection itself throws, or finds its own row taken', async () => {
    const throwing: InlineProjection = {
      name: 'throwing',
      statements: (events) => {
        if (events.some(({ streamId }) => streamId === 'thrown')) throw new Error('poison');
        const values = [events.filter(({ streamId }) => streamId === 'taken').map(() => 'a')];
        const text = `INSERT INTO ${schema}.inbox SELECT 'taken', unnest($1::text[])`;
        return [{ name: 'taken', text, values }];
      },
    };
    const store = newStore({ projections: [throwing] });
    await store.append(unitOf({ streamId: 'taken' }));
    const units = [
      unitOf({ streamId: 'thrown' }),
      unitOf({ streamId: 'taken', expectedVersion: 1 }),
      unitOf(),
    ];
    const outcomes = await Promise.allSettled(units.map((unit) => store.append(unit)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
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
    const projection = saying(() => {
      if (kills === 0) return 'SELECT 1';
      kills -= 1;
      return 'SELECT pg_terminate_backend(pg_backend_pid())';
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
    const proxy = await proxyTo(database.runtimeUrl);
    const pool = createPool({ url: proxy.url, applicationName: 'lossy' });
    const store = newStore({ pool });
    await store.append(unitOf());
    proxy.loseTheNextAnswer();
    const heard: RecordedEvent[] = [];
    store.onCommitted((events) => heard.push(...events));
    const inbox = { consumer: 'jobs', messageId: newId('m') };
    const units = [unitOf({ inbox }), unitOf({ events: [happened('a'), happened('b')] })];
    const outcomes = await Promise.all(units.map((unit) => store.append(unit)));
    expect(proxy.losses()).toBe(1);
    for (const [index, outcome] of outcomes.entries()) {
      const events = await store.read(units[index]!.streamId);
      expect(outcome).toEqual({ status: 'appended', events });
      expect(events).toHaveLength(units[index]!.events.length);
    }
    expect(heard.map(({ version }) => version).toSorted((one, other) => one - other)).toEqual([
      1, 1, 2,
    ]);
    await pool.end();
    await proxy.close();
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

/** A way to the server on which an answer can be lost: the client sees its connection break instead. */
async function proxyTo(target: string) {
  const url = new URL(target);
  const { hostname, port } = url;
  let [armed, losses] = [false, 0];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream);
    upstream.on('data', (chunk) => {
      if (!armed) return client.write(chunk);
      [armed, losses] = [false, losses + 1];
      return client.destroy();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => (client.destroy(), upstream.destroy()));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    loseTheNextAnswer: () => (armed = true),
    losses: () => losses,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
