import { afterEach } from '@jest/globals';
import type { RecordedEvent } from '@safelight/event-sourcing';
import { eventually } from '@safelight/testing';
import { EventStore } from '../event-store.js';
import type { StoreTelemetry } from '../hooks.js';
import { loadCheckpoint } from '../outbox/checkpoint.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import type { OutboxMessage, OutboxPublisher } from '../outbox/outbox.js';
import { RecordingBus } from './recording-bus.js';
import { schema, unitOf, type StoreDatabase } from './store-database.js';

export const toPublic = (event: RecordedEvent): OutboxMessage | undefined =>
  event.event.type === 'Private'
    ? undefined
    : {
        id: event.eventId,
        subject: 'safelight.test.happened.v1',
        key: event.streamId,
        data: event.event,
        recordedAt: event.recordedAt,
        context: event.context,
      };

export const keysOf = (messages: readonly OutboxMessage[]) => messages.map(({ key }) => key);

/** Appends one by one, so that their order is known. */
export async function append(store: EventStore, count: number): Promise<string[]> {
  const streams: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const unit = unitOf();
    await store.append(unit);
    streams.push(unit.streamId);
  }
  return streams;
}

/** Relays on the database of a test file; each test's are stopped after it. */
export class Relays {
  /** Times a relay went back since the last `settled`. */
  rewound = 0;
  private readonly running: OutboxRelay[] = [];
  private readonly telemetry: StoreTelemetry = {
    meter: {
      createCounter: (name) => ({ add: (value) => this.count(name, value) }),
      createHistogram: () => ({ record: () => undefined }),
    },
  };

  constructor(private readonly database: StoreDatabase) {
    afterEach(() => this.stop());
  }

  newStore(): EventStore {
    return new EventStore({ pool: this.database.runtime, schema });
  }

  start(store: EventStore, publisher: OutboxPublisher, intervalMs = 20): OutboxRelay {
    const { telemetry, database } = this;
    const options = { store, publisher, schema, toPublic, telemetry, intervalMs };
    const relay = new OutboxRelay({ ...options, pool: database.runtime });
    relay.start();
    this.running.push(relay);
    return relay;
  }

  /** The only relay, on a schema whose past is over: everything published and acknowledged. */
  async settled(bus = new RecordingBus(), intervalMs?: number) {
    await this.stop();
    const store = this.newStore();
    const relay = this.start(store, bus, intervalMs);
    await this.settle(bus, relay);
    bus.sent.length = 0;
    this.rewound = 0;
    return { bus, store, relay };
  }

  /** Every durable acknowledges everything, and the checkpoint says so. */
  async settle(bus: RecordingBus, relay: OutboxRelay): Promise<void> {
    await eventually(async () => {
      await relay.idle();
      // Again and again: a relay that has just taken over may publish more.
      bus.settledSequence = bus.stored.length;
      const { cursor, settled } = await loadCheckpoint(this.database.runtime, schema);
      return cursor.position === settled.position;
    });
  }

  private async stop(): Promise<void> {
    await Promise.all(this.running.splice(0).map((relay) => relay.stop()));
  }

  private count(name: string, value: number): void {
    if (name === 'outbox.rewound') this.rewound += value;
  }
}
