import { SpanKind } from '@opentelemetry/api';
import type { StreamTopology } from '@safelight/contracts';
import { traced, type Telemetry } from '@safelight/telemetry';
import type { BusConnection } from './bus.js';
import { JsonWriter } from './json-writer.js';
import { BusMetrics } from './metrics.js';
import { Publication, type OutgoingEvent, type PublishOutcome } from './publication.js';
import { ReplyBox } from './reply-box.js';
import { codeOf, ensureStreams, managerOf } from './streams.js';
import { NATS_MESSAGE_ID } from './wire.js';

export interface StreamStatus {
  /** Identity of the JetStream stream: another one after a wiped store. */
  readonly streamCreated: string;
  readonly lastSequence: number;
  /** Everything up to here is settled by every durable: handled, or parked as a dead letter. */
  readonly settledSequence: number;
}

/** Publishes without an answer yet: enough to keep the connection full, bounded in memory. */
const IN_FLIGHT = 512;
const STREAM_NOT_FOUND = 10_059;
const CONSUMER_NOT_FOUND = 10_014;

/** Publishes to one JetStream stream. */
export class JetStreamPublisher {
  private readonly replies: ReplyBox;
  private readonly metrics: BusMetrics;
  private readonly json = new JsonWriter();

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
        outcomes.push(...(await this.send(batch)));
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

  /** Event id of the message that lies at a sequence now; `undefined` when none does. */
  async idAt(sequence: number): Promise<string | undefined> {
    const manager = await managerOf(this.bus);
    const message = await manager.streams.getMessage(this.topology.name, { seq: sequence });
    return message?.header.get(NATS_MESSAGE_ID);
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

  private async send(events: readonly OutgoingEvent[]): Promise<readonly PublishOutcome[]> {
    const { json, replies } = this;
    const outcomes = await Promise.all(
      events.map(
        (event) =>
          new Promise<PublishOutcome>((done) => replies.post(new Publication(event, json, done))),
      ),
    );
    this.count(outcomes);
    return outcomes;
  }

  private count(outcomes: readonly PublishOutcome[]): void {
    const labels = outcomes.map(labelOf);
    for (const outcome of new Set(labels)) {
      const count = labels.filter((label) => label === outcome).length;
      this.metrics.published.add(count, { stream: this.topology.name, outcome });
    }
  }
}

function labelOf(outcome: PublishOutcome): string {
  if ('error' in outcome) return 'error';
  return outcome.duplicate === true ? 'duplicate' : 'ok';
}
