import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { deadLetterStream, type StreamTopology } from '@safelight/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { BusConnection } from './bus.js';
import { Unavailable } from './unavailable.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const KEPT_MS = 7 * DAY_MS;
const DEAD_LETTERS_KEPT_MS = 90 * DAY_MS;
const CONNECTION_WAIT_MS = 5_000;
const DUPLICATE_WINDOW_MS = 2 * 60 * 1000;

export interface DurableSettings {
  /** How long a message may stay without a sign of life before it is given out again, in ms. */
  ackWaitMs?: number;
  /** Unacknowledged messages of one durable, over all processes. */
  maxAckPending?: number;
}

export const ACK_WAIT_MS = 30_000;
const MAX_ACK_PENDING = 1_024;

/** JetStream's answers to adding what exists with another configuration. */
const STREAM_NAME_IN_USE = 10_058;
const CONSUMER_NAME_EXISTS = [10_013, 10_148, 10_105];

/**
 * Makes the JetStream streams, their durables and the dead letter stream what the topology says.
 * Asking again changes nothing; several services may ask at once.
 */
export async function ensureStreams(
  bus: BusConnection,
  topologies: readonly StreamTopology[],
  settings: DurableSettings = {},
): Promise<void> {
  const manager = await managerOf(bus);
  await ensureStream(manager, deadLetterConfig);
  for (const topology of topologies) {
    await ensureStream(manager, streamConfig(topology));
    for (const durable of topology.durables) {
      await ensureDurable(manager, topology.name, durableConfig(durable, settings));
    }
  }
}

/**
 * JetStream's management, over a connection that exists.
 * @throws Unavailable when there is none within five seconds.
 */
export async function managerOf(bus: BusConnection): Promise<JetStreamManager> {
  if (!bus.connected) {
    const waiting = new AbortController();
    const late = pause(CONNECTION_WAIT_MS, 'late', { signal: waiting.signal });
    const first = await Promise.race([bus.whenConnected(), late.catch(() => undefined)]);
    waiting.abort();
    if (first === 'late') throw new Unavailable('service.unavailable', '$JS.API');
  }
  return jetstreamManager(bus.nc, { checkAPI: false });
}

type NewStream = Partial<StreamConfig> & { name: string; subjects: string[] };
type NewDurable = Partial<ConsumerConfig> & { durable_name: string };

async function ensureStream(manager: JetStreamManager, config: NewStream): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (codeOf(error) !== STREAM_NAME_IN_USE) throw error;
    await manager.streams.update(config.name, config);
  }
}

async function ensureDurable(
  manager: JetStreamManager,
  stream: string,
  config: NewDurable,
): Promise<void> {
  try {
    await manager.consumers.add(stream, config);
  } catch (error) {
    if (!CONSUMER_NAME_EXISTS.includes(codeOf(error) ?? 0)) throw error;
    await manager.consumers.update(stream, config.durable_name, config);
  }
}

const shared = {
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  duplicate_window: nanos(DUPLICATE_WINDOW_MS),
  num_replicas: 1,
};

const deadLetterConfig: NewStream = {
  ...shared,
  name: deadLetterStream.name,
  subjects: [deadLetterStream.subject],
  max_age: nanos(DEAD_LETTERS_KEPT_MS),
};

function streamConfig(topology: StreamTopology): NewStream {
  return {
    ...shared,
    name: topology.name,
    subjects: topology.events.map((event) => event.subject),
    max_age: nanos(KEPT_MS),
  };
}

function durableConfig(
  durable: StreamTopology['durables'][number],
  { ackWaitMs = ACK_WAIT_MS, maxAckPending = MAX_ACK_PENDING }: DurableSettings,
): NewDurable {
  return {
    durable_name: durable.name,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ackWaitMs),
    // The consumer counts tries itself, so that the last one can end as a dead letter.
    max_deliver: -1,
    max_ack_pending: maxAckPending,
    filter_subjects: durable.events.map((event) => event.subject),
  };
}

/** The JetStream API's own error number, `undefined` for any other failure. */
export const codeOf = (error: unknown): number | undefined =>
  error instanceof JetStreamApiError ? error.code : undefined;
