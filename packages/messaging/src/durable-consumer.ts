import type { Msg } from '@nats-io/transport-node';
import type { StreamTopology } from '@safelight/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { flush } from './bus.js';
import { oneLine, park } from './dead-letter.js';
import { EventHandling, type EventHandler, type Verdict } from './event-handling.js';
import type { Surroundings } from './handler.js';
import { incoming, settlement, type Incoming } from './incoming.js';
import { Lanes } from './lanes.js';
import { PullSession } from './pull-session.js';
import { ensureStreams, managerOf } from './streams.js';
import type { WireEvent } from './wire.js';

export interface DurableConsumerOptions {
  readonly topology: StreamTopology;
  readonly durable: string;
  readonly handlers: ReadonlyMap<string, EventHandler>;
  /** Messages in hand at a time, handled or waiting for their key. */
  readonly concurrency: number;
  readonly ackWaitMs: number;
  /** Wait before the second try; doubles with every further one. */
  readonly retryBaseMs: number;
}

/** Failed tries before a message is given up; those for want of a database do not count. */
const FAILURES_MAX = 5;
/** Deliveries of a message whose handling ends neither well nor badly: it takes the process down. */
const DELIVERIES_MAX = 1_000;
/** Longest wait before a message is tried again that could not be handled for want of something. */
const UNAVAILABLE_MAX_MS = 15_000;
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 5_000;
const PARK_RETRY_MS = 5_000;

interface Task {
  readonly incoming: Incoming;
  readonly event: WireEvent;
}

/**
 * Handles the events of one durable. Outlives everything that may happen to the NATS server: a
 * restart, and a store that came back empty.
 */
export class DurableConsumer {
  private readonly handling: EventHandling;
  private readonly lanes = new Lanes<Task>((task) => this.work(task));
  /** Received and not settled yet. */
  private readonly held = new Set<Incoming>();
  /** Settled while no session was live; sent, or dropped, by the next one. */
  private owed: { incoming: Incoming; answer: Uint8Array }[] = [];
  /** Failed tries by event id, of those messages that failed and are not settled yet. */
  private readonly failures = new Map<string, number>();
  private readonly stopping = new AbortController();
  private readonly stopped = new Promise<void>((resolve) => {
    this.stopping.signal.addEventListener('abort', () => resolve());
  });
  private session: PullSession | undefined;
  private generation = '';
  private heartbeat: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private idle: (() => void) | undefined;

  constructor(
    private readonly on: Surroundings,
    private readonly options: DurableConsumerOptions,
  ) {
    this.handling = new EventHandling(on, options.handlers);
  }

  /** Rejects when stream or durable cannot be had; from then on nothing stops it but `stop`. */
  async start(): Promise<void> {
    await this.openSession();
    this.heartbeat = setInterval(() => this.signalWorking(), this.options.ackWaitMs / 6);
    this.running = this.keepGoing();
  }

  /** Takes no more, finishes and settles what is in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.session?.finish();
    await this.running;
    if (this.held.size > 0) await new Promise<void>((resolve) => (this.idle = resolve));
    clearInterval(this.heartbeat);
    await flush(this.on.bus);
    this.session?.dispose();
  }

  private isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async openSession(): Promise<void> {
    const { topology, durable, ackWaitMs, concurrency } = this.options;
    if (this.isStopping()) return;
    await ensureStreams(this.on.bus, [topology], { ackWaitMs });
    const manager = await managerOf(this.on.bus);
    this.generation = (await manager.streams.info(topology.name)).created;
    if (this.isStopping()) return;
    this.session = new PullSession(this.on.bus, {
      stream: topology.name,
      durable,
      capacity: () => concurrency - this.held.size,
      onMessage: (message) => this.receive(message),
    });
    const owed = this.owed;
    this.owed = [];
    for (const { incoming: settled, answer } of owed) this.send(settled, answer);
  }

  private async keepGoing(): Promise<void> {
    let waitMs = RESTART_MIN_MS;
    while (!this.isStopping()) {
      try {
        if (this.session?.isLive !== true) {
          await Promise.race([this.on.bus.whenConnected(), this.stopped]);
          await this.openSession();
        }
        const reason = await this.session?.ended;
        waitMs = RESTART_MIN_MS;
        this.logRestart({ reason });
      } catch (error) {
        this.logRestart({ err: error });
      }
      await pause(waitMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, RESTART_MAX_MS);
    }
  }

  private logRestart(why: Record<string, unknown>): void {
    if (this.isStopping()) return;
    const fields = { ...why, durable: this.options.durable };
    this.on.telemetry.logger.warn(fields, 'the consumer starts afresh');
  }

  private receive(message: Msg): void {
    const arrived = incoming(message, this.generation);
    this.held.add(arrived);
    if (arrived.deliveries > 1) {
      this.on.metrics.redeliveries.add(1, { durable: this.options.durable });
    }
    const read = this.handling.read(arrived);
    if ('unusable' in read) {
      void this.giveUp(arrived, read.unusable).finally(() => this.release(arrived));
    } else if (arrived.deliveries > DELIVERIES_MAX) {
      const reason = 'message.lost: its last delivery never came to an end';
      void this.giveUp(arrived, reason).finally(() => this.release(arrived));
    } else {
      this.lanes.add(read.event.key, { incoming: arrived, event: read.event });
    }
  }

  private async work({ incoming: arrived, event }: Task): Promise<void> {
    const verdict = await this.handling.handle(arrived, event);
    await this.settle(arrived, event.id, verdict);
    const { subject } = arrived.message;
    const { durable } = this.options;
    const seconds = (performance.now() - arrived.receivedAtMs) / 1000;
    this.on.metrics.handled.record(seconds, { subject, durable, outcome: verdict.outcome });
    this.release(arrived);
  }

  private async settle(arrived: Incoming, eventId: string, verdict: Verdict): Promise<void> {
    const failures = this.failures.get(eventId) ?? 0;
    if (verdict.outcome === 'unavailable') {
      const waitMs = Math.min(this.backoffMs(arrived.deliveries), UNAVAILABLE_MAX_MS);
      this.send(arrived, settlement.again(waitMs));
    } else if (verdict.outcome === 'failed' && failures + 1 < FAILURES_MAX) {
      this.failures.set(eventId, failures + 1);
      this.send(arrived, settlement.again(this.backoffMs(failures + 1)));
    } else {
      this.failures.delete(eventId);
      if (verdict.outcome === 'ok') this.send(arrived, settlement.ack);
      else if (verdict.outcome === 'unusable') await this.giveUp(arrived, verdict.reason);
      else await this.giveUp(arrived, textOf(verdict.error));
    }
  }

  private async giveUp(arrived: Incoming, reason: string): Promise<void> {
    try {
      await park(this.on, this.options.durable, arrived, reason);
      this.send(arrived, settlement.never(oneLine(reason)));
    } catch (error) {
      const fields = { err: error, durable: this.options.durable };
      this.on.telemetry.logger.error(fields, 'a dead letter could not be parked');
      this.send(arrived, settlement.again(PARK_RETRY_MS));
    }
  }

  /**
   * Answers JetStream. An answer names its message by number only, so one from before the store was
   * wiped must not reach the store that came after: it would settle another message.
   */
  private send(arrived: Incoming, answer: Uint8Array): void {
    const { nc } = this.on.bus;
    if (this.session?.isLive !== true) this.owed.push({ incoming: arrived, answer });
    else if (arrived.generation === this.generation && !nc.isClosed()) {
      this.on.bus.publish({ subject: arrived.message.reply ?? '', data: answer });
    }
  }

  private release(arrived: Incoming): void {
    this.held.delete(arrived);
    if (this.isStopping()) {
      if (this.held.size === 0) this.idle?.();
    } else this.session?.refill();
  }

  /** Keeps JetStream from giving out again what is only slow. */
  private signalWorking(): void {
    if (this.session?.isLive !== true) return;
    const before = performance.now() - this.options.ackWaitMs / 3;
    for (const arrived of this.held) {
      if (arrived.receivedAtMs <= before) this.send(arrived, settlement.working);
    }
  }

  /** Doubles with each try; a quarter of chance each way keeps a herd from coming back as one. */
  private backoffMs(tries: number): number {
    return this.options.retryBaseMs * 2 ** (Math.min(tries, 20) - 1) * (0.75 + Math.random() / 2);
  }
}

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
