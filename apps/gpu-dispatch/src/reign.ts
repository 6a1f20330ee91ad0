import { NestFactory } from '@nestjs/core';
import type { INestMicroservice } from '@nestjs/common';
import { dispatchStream } from '@safelight/contracts';
import { EventStore, OutboxRelay } from '@safelight/event-store';
import { JetStreamPublisher, SafelightServer } from '@safelight/messaging';
import type { BusConnection, RequestClient } from '@safelight/messaging';
import { isUnreachable } from '@safelight/postgres';
import { NestLogger, type Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import { Assignments } from './assignment/assignment.handler.js';
import { assignmentProjection } from './assignment/assignment.projection.js';
import { toPublic } from './assignment/assignment.publish.js';
import { readOpenAssignments } from './assignment/open-assignments.sql.js';
import type { DispatchConfig } from './config.js';
import { DispatchModule } from './dispatch.module.js';
import { Alarms, monotonic } from './dispatcher/alarms.js';
import { Background } from './dispatcher/background.js';
import { Board } from './dispatcher/board.js';
import { Dispatcher } from './dispatcher/dispatcher.js';
import { Inheritance } from './dispatcher/inheritance.js';
import type { DispatchMetrics } from './dispatcher/metrics.js';
import type { ReignParts } from './dispatcher/reign-parts.js';
import { Foresight } from './foresight.js';
import { RetryBudget } from './dispatcher/retry-budget.js';
import { ModelCatalogue } from './models/catalogue.js';
import { readModels, saveModels } from './models/models.sql.js';
import { Supervision } from './workers/supervision.js';
import { ServedOffers } from './workers/served-offers.js';
import { WorkerRecords } from './workers/worker-records.sql.js';

export const SERVICE = 'dispatch';

/** What lives longer than a reign. */
export interface Realm {
  readonly config: DispatchConfig;
  readonly telemetry: Telemetry;
  readonly pool: pg.Pool;
  readonly bus: BusConnection;
  readonly requests: RequestClient;
  readonly metrics: DispatchMetrics;
}

/** How long an append may wait for a database that is away: nothing else can happen meanwhile. */
const STORE_PATIENCE_MS = 5_000;

/**
 * Everything that exists only while this process leads: a memory rebuilt from the database, a store
 * whose every write is bound to this epoch, and handlers that take messages. It is made anew for each
 * reign, so nothing of an earlier one can leak into a later one.
 */
export class RunningReign {
  private constructor(
    private readonly parts: ReignParts,
    private readonly rule: { readonly dispatcher: Dispatcher; readonly foresight: Foresight },
    private readonly store: EventStore,
    private readonly relay: OutboxRelay,
    private readonly app: INestMicroservice,
    private readonly unlisten: () => void,
  ) {}

  /** Resolves when messages are being taken. `abdicate` is called when the reign must end. */
  static async begin(
    realm: Realm,
    epoch: number,
    abdicate: (error: unknown) => void,
  ): Promise<RunningReign> {
    const { pool, bus, telemetry, metrics } = realm;
    const projections = [assignmentProjection(epoch)];
    const patienceMs = STORE_PATIENCE_MS;
    const store = new EventStore({ pool, schema: SERVICE, projections, telemetry, patienceMs });
    await store.verify();
    const parts = await partsOf(realm, { store, epoch, abdicate });
    const foresight = await Foresight.begin(parts, pool);
    const dispatcher = new Dispatcher(parts, await openCatalogue(realm, epoch), foresight.pools);
    const inherited = new Inheritance(parts.assignments);
    await readOpenAssignments(pool, (page) => inherited.take(page));
    dispatcher.resume(inherited);
    const publisher = new JetStreamPublisher(bus, dispatchStream, telemetry);
    const relay = new OutboxRelay({ store, pool, schema: SERVICE, toPublic, publisher, telemetry });
    const app = await listenerOf(realm, DispatchModule.of(parts, dispatcher, foresight));
    metrics.watch(parts);
    metrics.watchScaling(() => foresight.scaling.read(performance.now()));
    const unlisten = bus.onStatus((status) => {
      if (status === 'disconnect') dispatcher.watch.becomeDeaf();
      else dispatcher.watch.hearAgain();
    });
    const reign = new RunningReign(parts, { dispatcher, foresight }, store, relay, app, unlisten);
    await reign.open();
    return reign;
  }

  private async open(): Promise<void> {
    try {
      this.relay.start();
      await this.app.listen();
      this.rule.dispatcher.watch.start();
      this.parts.supervision.start();
      this.rule.foresight.start();
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** Takes nothing new, finishes what is in hand, and falls silent. */
  async end(): Promise<void> {
    this.parts.metrics.watch(undefined);
    this.parts.metrics.watchScaling(undefined);
    this.unlisten();
    // First the ears: what came in later would begin work that nobody waits for.
    await this.app.close();
    await this.rule.dispatcher.rest();
    await this.rule.foresight.end();
    await this.store.drain();
    await this.relay.stop();
  }
}

async function partsOf(
  realm: Realm,
  own: Pick<ReignParts, 'epoch' | 'abdicate'> & { readonly store: EventStore },
): Promise<ReignParts> {
  const { store, epoch, abdicate } = own;
  const parts = {
    ...realm,
    ...{ epoch, abdicate, board: new Board(), alarms: new Alarms() },
    assignments: new Assignments(store, abdicate),
    background: new Background(abdicate),
    retries: new RetryBudget(monotonic),
  };
  const records = new WorkerRecords(realm.pool, epoch);
  return { ...parts, supervision: new Supervision(parts, records, await records.read()) };
}

async function openCatalogue({ pool, telemetry }: Realm, epoch: number): Promise<ModelCatalogue> {
  // Offers of earlier releases may have been written down that are not taken up any more.
  const served = new ServedOffers((untaken) => telemetry.logger.warn(untaken, 'a refused name'));
  return new ModelCatalogue(
    (await readModels(pool)).flatMap((each) =>
      served.known([each.offer]).map((offer) => ({ ...each, offer })),
    ),
    (offers) => saveModels(pool, epoch, offers),
    (error) => telemetry.logger.warn({ err: error }, 'offered models could not be written down'),
  );
}

/** What takes messages, once it is told to listen. */
const listenerOf = (
  { bus, telemetry }: Realm,
  module: ReturnType<typeof DispatchModule.of>,
): Promise<INestMicroservice> =>
  NestFactory.createMicroservice(module, {
    strategy: new SafelightServer({
      ...{ bus, telemetry, service: SERVICE, isUnavailable: isUnreachable },
    }),
    logger: new NestLogger(telemetry),
    abortOnError: false,
  });
