import { setTimeout as stall } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import { EventStore } from '../event-store.js';
import { schema, storeDatabase, unitOf } from '../test/store-database.js';
import { readBatch } from './read-after.js';
import { Subscriber } from './subscriber.js';

const WRITERS = 16;
const EVENTS = 30_000;

const database = storeDatabase();

const insertText = `
  INSERT INTO ${schema}.events (stream_id, version, event_id, command_id, command_index, type,
    schema_version, payload, metadata, sha256)
  SELECT $1, n, gen_random_uuid(), n::text, 0, 'Happened', 1, '{"type":"Happened"}', '{}',
    sha256('{"type":"Happened"}')
  FROM generate_series($2::int, $3::int) n RETURNING event_id`;

interface Plan {
  /** Events of the writer's transactions, in turn. */
  readonly sizes: readonly number[];
  readonly stallsMs: readonly number[];
  /** One in so many transactions is rolled back. */
  readonly rollbackEvery: number;
}

const plan = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 5, maxLength: 20 }),
  stallsMs: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 5, maxLength: 20 }),
  rollbackEvery: fc.integer({ min: 3, max: 20 }),
});

/** What the writers have committed, by event id. */
const committed = new Set<string>();

async function write(
  client: pg.PoolClient,
  streamId: string,
  { sizes, stallsMs, rollbackEvery }: Plan,
) {
  let version = 0;
  for (let turn = 0; committed.size < EVENTS; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    await client.query('BEGIN');
    const { rows } = await client.query<{ event_id: string }>(insertText, [
      streamId,
      version + 1,
      version + size,
    ]);
    // A transaction that has its positions and does not commit yet: the gap readers fall into.
    await stall(stallsMs[turn % stallsMs.length]);
    if (turn % rollbackEvery === 1) {
      await client.query('ROLLBACK');
      continue;
    }
    await client.query('COMMIT');
    version += size;
    for (const { event_id } of rows) committed.add(event_id);
  }
}

/** The cursor everybody writes first: positions alone. */
class NaiveReader {
  readonly seen = new Set<string>();
  private last = 0n;

  async read(): Promise<void> {
    const { rows } = await database.runtime.query<{ position: bigint; event_id: string }>(
      `SELECT position, event_id FROM ${schema}.events WHERE position > $1 ORDER BY position`,
      [this.last],
    );
    this.last = rows.at(-1)?.position ?? this.last;
    for (const { event_id } of rows) this.seen.add(event_id);
  }
}

/** One event that surely commits after a reader has seen a higher position. */
async function certainGap(reader: NaiveReader): Promise<void> {
  const [late, early] = [await database.runtime.connect(), await database.runtime.connect()];
  await late.query('BEGIN');
  for (const [client, stream] of [
    [late, 'late'],
    [early, 'early'],
  ] as const) {
    const { rows } = await client.query<{ event_id: string }>(insertText, [stream, 1, 1]);
    for (const { event_id } of rows) committed.add(event_id);
  }
  await reader.read();
  await late.query('COMMIT');
  late.release();
  early.release();
}

it('shows every committed event exactly once, where a cursor on positions loses some', async () => {
  const seed = Date.now() % 2 ** 31;
  const plans = fc.sample(plan, { numRuns: WRITERS, seed });
  const subscriber = new Subscriber({ pool: database.runtime, schema, batchSize: 700 });
  const naive = new NaiveReader();
  const seen: RecordedEvent[] = [];
  const written = new AbortController();
  const reading = (async () => {
    while (!written.signal.aborted || (await subscriberStep()) > 0) {
      await naive.read();
      await subscriberStep();
    }
    await naive.read();
  })();
  async function subscriberStep(): Promise<number> {
    const events = await subscriber.next();
    seen.push(...events);
    return events.length;
  }
  await certainGap(naive);
  const clients = await Promise.all(plans.map(() => database.runtime.connect()));
  await Promise.all(plans.map((own, index) => write(clients[index]!, `writer-${index}`, own)));
  for (const client of clients) client.release();
  written.abort();
  await reading;

  const ids = seen.map(({ eventId }) => eventId);
  const distinct = new Set(ids);
  const missed = [...committed].filter((id) => !distinct.has(id)).length;
  const lost = [...committed].filter((id) => !naive.seen.has(id)).length;
  const told = { seed, committed: committed.size >= EVENTS };
  expect({ ...told, missed }).toEqual({
    seed,
    committed: true,
    missed: 0,
  });
  expect({ seed, seen: ids.length }).toEqual({ seed, seen: committed.size });
  for (const [stream, events] of Map.groupBy(seen, ({ streamId }) => streamId)) {
    const versions = events.map(({ version }) => version);
    expect({ seed, stream, versions }).toEqual({
      seed,
      stream,
      versions: versions.map((_, index) => index + 1),
    });
  }
  // The negative control: without it this test could not tell a right cursor from a wrong one.
  expect({ seed, lost: lost > 0 }).toEqual({ seed, lost: true });
}, 90_000);

it('stays below a running database transaction, and goes on when that ends', async () => {
  const store = new EventStore({ pool: database.runtime, schema });
  const subscriber = new Subscriber({ pool: database.runtime, schema, batchSize: 10_000 });
  while ((await subscriber.next()).length > 0);
  const slow = await database.runtime.connect();
  await slow.query('BEGIN');
  await slow.query(insertText, ['slow', 1, 1]);
  const fast = unitOf();
  await store.append(fast);
  expect(await subscriber.next()).toEqual([]);
  await slow.query('COMMIT');
  slow.release();
  const streams = (await subscriber.next()).map(({ streamId }) => streamId);
  expect(streams).toEqual(['slow', fast.streamId]);
  const { events } = await readBatch(database.runtime, schema, subscriber.cursor, 10);
  expect(events).toEqual([]);
});
