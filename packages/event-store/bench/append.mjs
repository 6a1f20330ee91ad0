/**
 * Appends per second, by hand: `node packages/event-store/bench/append.mjs` after a build. Each unit
 * is one event with an inbox entry; one inline projection upserts a row per stream; PostgreSQL runs
 * with fsync and synchronous_commit on. The last lines add the relay, whose bus answers at once.
 */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { createPool, migrate } from '@safelight/postgres';
import { EventStore, OutboxRelay, eventStoreMigration } from '@safelight/event-store';
import { testPostgres } from '@safelight/testing';

const SECONDS = Number(process.argv[2] ?? 4);
const context = { correlationId: randomUUID(), causationId: randomUUID() };
const durable = {
  fsync: 'on',
  full_page_writes: 'on',
  shared_buffers: '192MB',
  max_wal_size: '2GB',
};

const projection = {
  name: 'heads',
  apply: (client, events) =>
    client.query({
      name: 'heads',
      text: `INSERT INTO bench.heads (id, version) SELECT * FROM unnest($1::text[], $2::int[])
             ON CONFLICT (id) DO UPDATE SET version = excluded.version`,
      values: [events.map((event) => event.streamId), events.map((event) => event.version)],
    }),
};

class InstantBus {
  sequence = 0;
  ids = new Set();
  async publish(messages) {
    for (const { id } of messages) this.ids.add(id);
    return messages.map(() => ({ sequence: (this.sequence += 1) }));
  }
  async status() {
    return { streamCreated: 'x', lastSequence: this.sequence, settledSequence: this.sequence };
  }
  async idAt() {}
}

const bus = new InstantBus();

async function measure(pool, inFlight, { relayed, plain }) {
  const store = new EventStore({ pool, schema: 'bench', projections: plain ? [] : [projection] });
  const toPublic = (event) => ({
    id: event.eventId,
    subject: 'safelight.bench.happened.v1',
    key: event.streamId,
    data: event.event,
    recordedAt: event.recordedAt,
    context: event.context,
  });
  const relay = relayed
    ? new OutboxRelay({ store, pool, schema: 'bench', toPublic, publisher: bus })
    : undefined;
  relay?.start();
  await relay?.idle();
  const before = { sent: bus.sequence, ids: bus.ids.size };
  const latencies = [];
  const end = performance.now() + SECONDS * 1000;
  const cpu = process.cpuUsage();
  const client = async () => {
    while (performance.now() < end) {
      const streamId = `job-${randomUUID()}`;
      const asked = performance.now();
      const { status } = await store.append({
        streamId,
        expectedVersion: 0,
        commandId: streamId,
        events: [
          { type: 'JobSubmitted', jobId: streamId, accountId: 'acc_1', priceMicros: 40_000n },
        ],
        context,
        ...(plain ? {} : { inbox: { consumer: 'bench', messageId: streamId } }),
      });
      if (status !== 'appended') throw new Error(status);
      latencies.push(performance.now() - asked);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, client));
  const elapsed = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await relay?.idle();
  await relay?.stop();
  const published = bus.ids.size - before.ids;
  const twice = bus.sequence - before.sent - published;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.floor(latencies.length * share)].toFixed(2);
  const rate = Math.round(latencies.length / elapsed);
  const node = ((user + system) / 1e6 / elapsed).toFixed(2);
  const name = plain ? 'event alone' : 'event, inbox, projection';
  console.log(
    `${name}${relayed ? ', relay' : ''}, ${inFlight} in flight: ${rate}/s, p50 ${at(0.5)} ms, ` +
      `p99 ${at(0.99)} ms, node ${node} cores${relayed ? `, ${published} published, ${twice} of them twice` : ''}`,
  );
}

const postgres = await testPostgres(durable);
const { url } = await postgres.database();
const pool = createPool({ url, applicationName: 'bench' });
await pool.query('CREATE SCHEMA bench; CREATE ROLE bench_runtime');
await migrate({
  url,
  schema: 'bench',
  migrations: [eventStoreMigration('bench', 'bench_runtime')],
});
await pool.query('CREATE TABLE bench.heads (id text PRIMARY KEY, version int NOT NULL)');
for (const inFlight of [1, 32, 256]) {
  await measure(pool, inFlight, { relayed: false, plain: true });
  await measure(pool, inFlight, { relayed: false, plain: false });
  await measure(pool, inFlight, { relayed: true, plain: false });
}
await pool.end();
await postgres.stop();
