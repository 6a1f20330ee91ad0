import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { streams, type Operation, type StreamTopology } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import type { z } from 'zod';
import { Answerer } from './answerer.js';
import { flush, type BusConnection } from './bus.js';
import { SAFELIGHT_TRANSPORT, type AnswerExtras, type EventExtras } from './decorators.js';
import type { Delivery } from './delivery.js';
import { DurableConsumer } from './durable-consumer.js';
import type { EventHandler } from './event-handling.js';
import type { Handler, Surroundings } from './handler.js';
import { BusMetrics } from './metrics.js';
import { ACK_WAIT_MS, ensureStreams } from './streams.js';

export interface SafelightServerOptions {
  bus: BusConnection;
  telemetry: Telemetry;
  /** Name of the service: processes of the same name share its requests. */
  service: string;
  /** Whether an error means that the database, say, is away: the asker is told to come back. */
  isUnavailable?: (error: unknown) => boolean;
  /** The clock of requests: milliseconds, never backwards; the process's own otherwise. */
  now?: () => number;
  /** JetStream streams to ensure at start; all of the product's otherwise. */
  streams?: readonly StreamTopology[];
  /** Events of one durable in hand at a time, in this process. */
  concurrency?: number;
  /** How long a delivery may show no sign of life, in milliseconds. */
  ackWaitMs?: number;
  /** Wait before a failed event's second try, in milliseconds; doubles with each further one. */
  retryBaseMs?: number;
}

const CONCURRENCY = 64;
const RETRY_BASE_MS = 500;

/** Nest's way to the bus: `@Answers` over core NATS, `@Handles` over JetStream. */
export class SafelightServer extends Server implements CustomTransportStrategy {
  override readonly transportId = SAFELIGHT_TRANSPORT;
  /** Failures come back here and are logged here; Nest need not. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly surroundings: Surroundings;
  private readonly topologies: readonly StreamTopology[];
  private readonly answerers = new Map<string, Answerer>();
  /** Durable → subject → handler. */
  private readonly handlers = new Map<string, Map<string, EventHandler>>();
  private readonly faults: string[] = [];
  private consumers: DurableConsumer[] = [];
  private listening = false;

  constructor(private readonly options: SafelightServerOptions) {
    super();
    const { bus, telemetry, service, isUnavailable = () => false } = options;
    const { now = () => performance.now() } = options;
    const metrics = new BusMetrics(telemetry);
    this.surroundings = { bus, telemetry, service, isUnavailable, metrics, now };
    this.topologies = options.streams ?? streams;
  }

  /** Nest registers every decorated method here. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler?: boolean,
    extras: Record<string, unknown> = {},
  ): void {
    super.addHandler(pattern, callback, isEventHandler, extras);
    const found = extras as Partial<AnswerExtras & EventExtras>;
    const { operation, event, durable } = found;
    if (operation !== undefined) this.addAnswerer(operation, callback);
    else if (event !== undefined && durable !== undefined) {
      this.addEventHandler({ event, durable }, callback);
    } else this.faults.push(`${String(pattern)}: use @Answers or @Handles`);
  }

  /**
   * Answers an operation without a controller: for those whose subject is only known at run time,
   * like the ones of one worker incarnation. After `listen`, the server knows of it once the
   * connection has been flushed.
   */
  answer<Op extends Operation>(
    operation: Op,
    handler: (
      request: z.output<Op['request']>,
      delivery: Delivery,
    ) => z.input<Op['reply']> | Promise<z.input<Op['reply']>>,
  ): void {
    this.addAnswerer(operation, handler as Handler);
    if (this.faults.length > 0) throw new Error(this.faults.join('\n'));
    if (this.listening) this.answerers.get(operation.subject)?.start();
  }

  /** Rejects by `callback` when the handlers and the topology do not fit together. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.requireConsistency();
      const { bus, ackWaitMs = ACK_WAIT_MS } = this.options;
      await ensureStreams(bus, this.topologies, { ackWaitMs });
      for (const answerer of this.answerers.values()) answerer.start();
      this.consumers = [...this.handlers.keys()].map((durable) => this.consumerOf(durable));
      await Promise.all(this.consumers.map((consumer) => consumer.start()));
      await flush(bus);
      this.listening = true;
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  /** Takes nothing new, finishes what is in hand. The connection stays: it is its opener's. */
  async close(): Promise<void> {
    this.listening = false;
    const everything = [...this.consumers, ...this.answerers.values()];
    await Promise.all(everything.map((part) => part.stop()));
    await flush(this.surroundings.bus);
  }

  override on(): never {
    throw new Error('not offered');
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- Nest's signature
  override unwrap<T>(): T {
    return this.surroundings.bus.nc as T;
  }

  private addAnswerer(operation: Operation, handler: Handler): void {
    if (this.answerers.has(operation.subject)) {
      this.faults.push(`${operation.subject}: answered by two handlers`);
    }
    this.answerers.set(operation.subject, new Answerer(this.surroundings, operation, handler));
  }

  private addEventHandler({ event, durable }: EventExtras, handler: Handler): void {
    const bySubject = this.handlers.get(durable) ?? new Map<string, EventHandler>();
    this.handlers.set(durable, bySubject);
    if (bySubject.has(event.subject)) {
      this.faults.push(`${event.subject}: handled twice for durable ${durable}`);
    }
    bySubject.set(event.subject, { event, handler });
  }

  private requireConsistency(): void {
    const faults = [...this.faults];
    for (const [durable, handlers] of this.handlers) {
      const declared = this.topologies
        .flatMap((topology) => topology.durables)
        .find(({ name }) => name === durable);
      if (declared === undefined) {
        faults.push(`durable ${durable}: not in the topology`);
        continue;
      }
      const subjects = new Set(declared.events.map((event) => event.subject));
      for (const subject of handlers.keys()) {
        if (!subjects.has(subject)) faults.push(`${subject}: not an event of durable ${durable}`);
      }
      for (const subject of subjects) {
        if (!handlers.has(subject)) faults.push(`${subject}: durable ${durable} has no handler`);
      }
    }
    if (faults.length > 0) {
      throw new Error(`The message handlers are not consistent:\n  ${faults.join('\n  ')}`);
    }
  }

  private consumerOf(durable: string): DurableConsumer {
    const topology = this.topologies.find(({ durables }) =>
      durables.some(({ name }) => name === durable),
    );
    if (topology === undefined) throw new Error(`durable ${durable}: not in the topology`);
    const { concurrency = CONCURRENCY, ackWaitMs = ACK_WAIT_MS } = this.options;
    const { retryBaseMs = RETRY_BASE_MS } = this.options;
    const handlers = this.handlers.get(durable) ?? new Map<string, EventHandler>();
    const settings = { topology, durable, handlers, concurrency, ackWaitMs, retryBaseMs };
    return new DurableConsumer(this.surroundings, settings);
  }
}
