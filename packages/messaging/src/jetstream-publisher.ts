import type { PubAck } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { SpanKind } from '@opentelemetry/api';
import type { StreamTopology } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import { traced, type Telemetry } from '@safelight/telemetry';
import type { BusConnection } from './bus.js';
import { BusMetrics } from './metrics.js';
import { ReplyBox } from './reply-box.js';
import { codeOf, ensureStreams, managerOf } from './streams.js';
import { encodeJson, header } from './wire.js';

/** An event on its way out; the shape of the event store's `OutboxMessage`. */
export interface OutgoingEvent {
  /** Event id: becomes the JetStream message id. */
  readonly id: string;
  readonly subject: string;
  /** Stream id: consumers keep order per key. */
  readonly key: string;
  readonly data: unknown;
  readonly recordedAt: Date;
  readonly context: MessageContext;
}

/** What became of one event: its place in the JetStream stream, or why it has none. */
export type PublishOutcome = { readonly sequence: number } | { readonly error: Error };

export interface StreamStatus {
  /** Identity of the JetStream stream: another one after a wiped store. */
  readonly streamCreated: string;
  readonly lastSequence: number;
  /** Everything up to here is settled by every durable: handled, or parked as a dead letter. */
  readonly settledSequence: number;
}

/** Publishes without an answer yet: enough to keep the connection full, bounded in memory. */
const IN_FLIGHT = 512;
const ACK_TIMEOUT_MS = 5_000;
const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;

/** Publishes to one JetStream stream. */
export class JetStreamPublisher {
  private readonly replies: ReplyBox;
  private readonly metrics: BusMetrics;

  constructor(
    private readonly bus: BusConnection,
    private readonly topology: StreamTopology,
    private readonly telemetry: Telemetry,
  ) {
    this.replies = new ReplyBox(bus);
    this.metrics = new BusMetrics(telemetry);
  }

  /**
   * Publishes in the order given, without waiting for one acknowledgement before sending the next.
   * An event that JetStream has seen within two minutes keeps its first place.
   */
  async publish(messages: readonly OutgoingEvent[]): Promise<readonly PublishOutcome[]> {
    if (messages.length === 0) return [];
    const attributes = {
      'messaging.system': 'nats',
      'messaging.destination.name': this.topology.name,
      'messaging.batch.message_count': messages.length,
    };
    const options = { kind: SpanKind.PRODUCER, attributes };
    return traced(this.telemetry, `send ${this.topology.name}`, options, async () => {
      const outcomes: PublishOutcome[] = [];
      for (let start = 0; start < messages.length; start += IN_FLIGHT) {
        const batch = messages.slice(start, start + IN_FLIGHT);
        outcomes.push(...(await Promise.all(batch.map((message) => this.send(message)))));
      }
      return outcomes;
    });
  }

  /**
   * The stream's identity and how far every durable of the topology has settled it. A missing
   * stream or durable is made again; a fresh durable has settled nothing.
   */
  async status(): Promise<StreamStatus> {
    try {
      return await this.readStatus();
    } catch (error) {
      const code = codeOf(error);
      if (code !== STREAM_NOT_FOUND && code !== CONSUMER_NOT_FOUND) throw error;
      await ensureStreams(this.bus, [this.topology]);
      return this.readStatus();
    }
  }

  private async readStatus(): Promise<StreamStatus> {
    const { name, durables } = this.topology;
    const manager = await managerOf(this.bus);
    const { created, state } = await manager.streams.info(name);
    // The stream is read first: a durable with nothing left has settled at least what it held then.
    const settled = await Promise.all(
      durables.map(async (durable) => {
        const info = await manager.consumers.info(name, durable.name);
        const idle = info.num_pending === 0 && info.num_ack_pending === 0;
        return idle ? state.last_seq : info.ack_floor.stream_seq;
      }),
    );
    return {
      streamCreated: created,
      lastSequence: state.last_seq,
      settledSequence: Math.min(state.last_seq, ...settled),
    };
  }

  private async send(message: OutgoingEvent): Promise<PublishOutcome> {
    const { id, key, recordedAt, data, context } = message;
    const hdrs = headers();
    hdrs.append(header.natsMessageId, id);
    hdrs.append(header.correlationId, context.correlationId);
    hdrs.append(header.causationId, context.causationId);
    if (context.traceparent !== undefined) hdrs.append(header.traceparent, context.traceparent);
    const labels = { stream: this.topology.name };
    try {
      const body = encodeJson({ id, key, recordedAt: recordedAt.toISOString(), data });
      const answer = await this.replies.ask(message.subject, body, hdrs, ACK_TIMEOUT_MS);
      const ack = answer.json<Partial<PubAck> & { error?: { description: string } }>();
      if (ack.seq === undefined) throw new Error(ack.error?.description ?? 'not acknowledged');
      this.metrics.published.add(1, {
        ...labels,
        outcome: ack.duplicate === true ? 'duplicate' : 'ok',
      });
      return { sequence: ack.seq };
    } catch (error) {
      this.metrics.published.add(1, { ...labels, outcome: 'error' });
      return { error: error instanceof Error ? error : new Error(String(error)) };
    }
  }
}
