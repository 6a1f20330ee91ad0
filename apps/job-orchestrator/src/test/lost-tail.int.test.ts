import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { jobEnded, jobsStream, newUuid } from '@safelight/contracts';
import { EventStore, OutboxRelay, type OutboxPublisher } from '@safelight/event-store';
import { connectBus, ensureStreams, JetStreamPublisher } from '@safelight/messaging';
import { createPool, provision } from '@safelight/postgres';
import { startTelemetry } from '@safelight/telemetry';
import { eventually, testNats, testPostgres } from '@safelight/testing';
import type { TestNats, TestPostgres } from '@safelight/testing';
import type pg from 'pg';
import { schema } from '../migrations/index.js';
import { orchestratorService } from '../service.js';

const ROLE = { name: 'orchestrator', password: 'runtime', ownerPassword: 'owner' };
/** A relay with this interval looks at JetStream when it is asked to, and at no other time. */
const WHEN_ASKED_MS = 3_600_000;

const telemetry = startTelemetry({ service: 'test', logDestination: { write: () => undefined } });
let postgres: TestPostgres;
let nats: TestNats;
let pool: pg.Pool;
let rewound = 0;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  postgres = await testPostgres();
});
afterAll(() => postgres.stop());

beforeEach(async () => {
  const [{ url: adminUrl }, server] = await Promise.all([postgres.database(), testNats()]);
  nats = server;
  const urls = (await provision({ adminUrl, services: [ROLE] }))[ROLE.name]!;
  await orchestratorService.migrate(urls.migrationUrl);
  pool = createPool({ url: urls.url, applicationName: 'test' });
  rewound = 0;
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  await Promise.all([pool.end(), nats.stop()]);
});

const meter = {
  createCounter: (name: string) => ({
    add: (value: number) => {
      if (name === 'outbox.rewound') rewound += value;
    },
  }),
  createHistogram: () => ({ record: () => undefined }),
};

/** What an orchestrator has of store and relay, joined as its module joins them. */
async function startProcess(
  intervalMs: number,
  changes: (jetStream: JetStreamPublisher) => Partial<OutboxPublisher> = () => ({}),
) {
  const bus = await connectBus({ url: nats.url, name: 'test', logger: telemetry.logger });
  await ensureStreams(bus, [jobsStream]);
  const jetStream = new JetStreamPublisher(bus, jobsStream, telemetry);
  const publisher: OutboxPublisher = {
    publish: (messages) => jetStream.publish(messages),
    status: () => jetStream.status(),
    idAt: (sequence) => jetStream.idAt(sequence),
    ...changes(jetStream),
  };
  const store = new EventStore({ pool, schema });
  const relay = new OutboxRelay({
    ...{ store, pool, schema, publisher, intervalMs, telemetry: { meter } },
    toPublic: ({ eventId: id, streamId: key, recordedAt, context }) => {
      return { id, key, recordedAt, context, subject: jobEnded.subject, data: {} };
    },
  });
  relay.start();
  await relay.idle();
  closing.push(() => relay.stop().then(() => bus.close()));
  return { bus, jetStream, store, relay };
}

type Process = Awaited<ReturnType<typeof startProcess>>;

async function append({ store }: Process, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const [streamId, commandId] = [`job-${newUuid()}`, newUuid()];
    const context = { correlationId: streamId, causationId: commandId };
    const events = [{ type: 'Happened' }];
    const outcome = await store.append({
      streamId,
      expectedVersion: 0,
      commandId,
      events,
      context,
    });
    if (outcome.status === 'appended') ids.push(outcome.events[0]!.eventId);
  }
  return ids;
}

/** Ids of what lies in the JetStream stream, by sequence. */
async function held({ jetStream }: Process): Promise<(string | undefined)[]> {
  const { lastSequence } = await jetStream.status();
  return Promise.all(Array.from({ length: lastSequence }, (_, n) => jetStream.idAt(n + 1)));
}

const holds = (process: Process, ids: readonly string[]) =>
  eventually(async () => {
    const present = await held(process);
    return ids.every((id) => present.includes(id));
  });

/**
 * To be asked before the server goes: a connection notices late that it was lost, and what is
 * published until then fails, after which a relay looks again and again.
 */
const reconnected = ({ bus }: Process) =>
  new Promise<void>((resolve) => {
    const forget = bus.onStatus((status) => {
      if (status !== 'reconnect') return;
      forget();
      resolve();
    });
  });

/** Holds back what is asked of it while it is shut. */
function gate() {
  let passing = Promise.resolve();
  let open = () => {};
  const shut = () => {
    passing = new Promise((resolve) => {
      open = resolve;
    });
  };
  return { shut, open: () => open(), pass: () => passing };
}

/**
 * NATS forgets five events of the reader, and only the other process publishes before it looks: a
 * look that was still on its way when NATS went waits at the gate.
 */
async function loseTail(changes: Partial<OutboxPublisher>) {
  const looks = gate();
  const reader = await startProcess(WHEN_ASKED_MS, (jetStream) => ({
    status: () => looks.pass().then(() => jetStream.status()),
    ...changes,
  }));
  const other = await startProcess(20);
  await append(reader, 20);
  await reader.relay.idle();
  const both = () => Promise.all([reader, other].map(reconnected));
  const restarted = both();
  const goBack = await nats.keepStore();
  await restarted;
  const lost = await append(reader, 5);
  await reader.relay.idle();
  await holds(reader, lost);
  const wentBack = both();
  looks.shut();
  await goBack();
  await wentBack;
  const { lastSequence } = await reader.jetStream.status();
  await holds(other, await append(other, 10));
  looks.open();
  await reader.relay.idle();
  await reader.relay.idle();
  return { reader, lost, lastSequence };
}

it('publishes a lost tail again, although another process has filled it up unseen', async () => {
  const { reader, lost, lastSequence } = await loseTail({});
  expect(lastSequence).toBe(20);
  await holds(reader, lost);
  expect(rewound).toBe(1);
});

it('would not, could the reader not tell what lies where: the negative control', async () => {
  const { reader, lost } = await loseTail({ idAt: async () => undefined });
  expect(await held(reader)).not.toContain(lost[0]);
  expect(rewound).toBe(0);
});

it('publishes all once and rewinds nothing while two processes publish at the same time', async () => {
  const processes = [await startProcess(20), await startProcess(20)] as const;
  const ids = (await Promise.all(processes.map((process) => append(process, 150)))).flat();
  for (const { relay } of processes) await relay.idle();
  expect((await held(processes[0])).map(String).toSorted()).toEqual(ids.toSorted());
  expect(rewound).toBe(0);
});
