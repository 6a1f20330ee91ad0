import type { RecordedEvent } from '@safelight/event-sourcing';
import type pg from 'pg';
import type { EventStore } from '../event-store.js';
import { relayMetrics, type StoreTelemetry } from '../hooks.js';
import { hasReached, type Cursor } from '../reading/cursor.js';
import { loadCheckpoint } from './checkpoint.js';
import { Mailing } from './mailing.js';
import { Net } from './net.js';
import type { OutboxMessage, OutboxPublisher } from './outbox.js';
import { Push } from './push.js';
import { readHead } from './read-keys.js';
import { takeRelayLock, type RelayLock } from './relay-lock.js';
import { WakeUp } from './wake-up.js';

export interface OutboxRelayOptions {
  readonly store: EventStore;
  readonly pool: pg.Pool;
  readonly schema: string;
  /** The public form of an event; `undefined` for a private one. Must not throw: that stops the relay. */
  readonly toPublic: (event: RecordedEvent) => OutboxMessage | undefined;
  readonly publisher: OutboxPublisher;
  readonly telemetry?: StoreTelemetry;
  /** Longest time between two rounds of the cursor reader, in ms; 1000 by default. */
  readonly intervalMs?: number;
}

interface Waiter {
  readonly target: Cursor;
  readonly resolve: () => void;
}

/** Time between two looks while fast path and cursor reader hand over. */
const HAND_OVER_MS = 50;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
/** Commits of so many events call for a round: rather early than much in memory. */
const MANY_COMMITTED = 20_000;

/**
 * Brings every public event of a schema to JetStream at least once, one stream's events in order.
 * What this process commits is pushed at once; behind it one process per schema, chosen by an
 * advisory lock, reads everything and publishes what a crash or an outage left out. When JetStream
 * lost data, it goes back to where all durables had acknowledged and publishes from there.
 *
 * With several writing processes a crash between commit and push, or a loss of JetStream's, can let
 * another process's later event of the same stream arrive first, until the reader has made up for it.
 */
export class OutboxRelay {
  private readonly push: Push;
  private readonly mailing: Mailing;
  private readonly metrics;
  private readonly wakeUp = new WakeUp();
  private waiters: Waiter[] = [];
  private running: Promise<void> | undefined;
  private stopping = false;
  private olderFound = false;
  private failures = 0;
  private committed = 0;

  constructor(private readonly options: OutboxRelayOptions) {
    this.metrics = relayMetrics(options.telemetry ?? {});
    this.mailing = new Mailing(options.toPublic, options.publisher, this.metrics);
    this.push = new Push(this.mailing, (error) => {
      if (error) this.report(error);
      this.wakeUp.call();
    });
    options.store.onCommitted((events) => {
      this.push.accept(events);
      this.committed += events.length;
      if (this.committed < MANY_COMMITTED) return;
      this.committed = 0;
      this.wakeUp.call();
    });
  }

  /** Starts relaying; returns at once, and outages are survived, not thrown. */
  start(): void {
    this.running ??= this.run();
  }

  /** Finishes what is in flight and hands the lock on. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.push.close();
    this.wakeUp.call();
    await this.running;
    await this.push.settle();
  }

  /** Resolves when everything that is committed now has been published and the checkpoint says so. */
  async idle(): Promise<void> {
    const target = await readHead(this.options.pool, this.options.schema);
    if (!target) return;
    await new Promise<void>((resolve) => {
      this.waiters.push({ target, resolve });
      this.wakeUp.call();
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.session();
      } catch (error) {
        this.failures += 1;
        this.report(error);
        await this.wakeUp.wait(this.backoffMs());
      }
    }
  }

  /** From one connection to its loss: active while it has the lock, else watching who has. */
  private async session(): Promise<void> {
    const { pool, schema } = this.options;
    await this.findOlder();
    const lock = await takeRelayLock(pool, schema);
    if (!lock) return this.watch();
    try {
      await this.relay(lock);
    } finally {
      lock.release();
    }
  }

  /** Once: the push begins when all that was committed before it has been passed. */
  private async findOlder(): Promise<void> {
    if (this.olderFound) return;
    await this.options.store.verify();
    const head = await readHead(this.options.pool, this.options.schema);
    this.push.rest(head);
    this.olderFound = true;
  }

  private async relay({ client }: RelayLock): Promise<void> {
    const { store, schema, publisher, intervalMs = 1000 } = this.options;
    const { push, mailing, metrics } = this;
    const written = () => store.written();
    const checkpoint = await loadCheckpoint(client, schema);
    const net = new Net({ client, schema, publisher, mailing, push, written, metrics }, checkpoint);
    try {
      while (!this.stopping) {
        await net.round();
        this.failures = 0;
        this.tell(net.cursor);
        await this.wakeUp.wait(push.live && this.waiters.length === 0 ? intervalMs : HAND_OVER_MS);
      }
      // A last look, so that the next relay does not publish again what the push has just done.
      await push.settle();
      await net.round();
    } finally {
      net.close();
    }
  }

  /** Another process reads: push as soon as its checkpoint has passed what we left out. */
  private async watch(): Promise<void> {
    const { pool, schema, intervalMs = 1000 } = this.options;
    this.push.hold();
    const { cursor } = await loadCheckpoint(pool, schema);
    this.push.resume(cursor);
    this.tell(cursor);
    await this.wakeUp.wait(this.waiters.length === 0 ? intervalMs : HAND_OVER_MS);
  }

  private tell(cursor: Cursor): void {
    const reached = this.waiters.filter(({ target }) => hasReached(cursor, target));
    this.waiters = this.waiters.filter((waiter) => !reached.includes(waiter));
    for (const { resolve } of reached) resolve();
  }

  private backoffMs(): number {
    return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.failures) * Math.random();
  }

  private report(error: unknown): void {
    this.options.telemetry?.logger?.error({ err: error }, 'the outbox relay met an error');
  }
}
