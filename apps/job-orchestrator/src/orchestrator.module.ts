import type { KeyObject } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { jobsStream } from '@safelight/contracts';
import { EventStore, OutboxRelay } from '@safelight/event-store';
import type { BusConnection } from '@safelight/messaging';
import { JetStreamPublisher, RequestClient } from '@safelight/messaging';
import { FileObjectStore, SealedObjects } from '@safelight/object-store';
import { CustomerReads, kyselyOn } from '@safelight/postgres';
import type { Telemetry } from '@safelight/telemetry';
import type pg from 'pg';
import type { OrchestratorConfig } from './config.js';
import { AccountKeys } from './content/account-keys.js';
import { Contents } from './content/contents.js';
import { EndedController } from './ended/ended.controller.js';
import { Erasure } from './ended/erasure.js';
import { OrphanSweep } from './ended/orphan-sweep.js';
import { Retries } from './ended/retries.js';
import { Suspension } from './ended/suspension.js';
import { Withdrawal } from './ended/withdrawal.js';
import { DeadlineSweep } from './generation/deadline-sweep.js';
import { GenerationRunner } from './generation/generation.runner.js';
import { JobConsumer } from './job/job.consumer.js';
import { JobController } from './job/job.controller.js';
import { Jobs } from './job/job.handler.js';
import { ProgressBoard } from './job/job.progress.js';
import { jobProjection } from './job/job.projection.js';
import { toPublic } from './job/job.publish.js';
import { JobReader } from './job/job.reader.js';
import { JobsOfAll } from './job/jobs-of-all.js';
import { schema } from './migrations/index.js';
import { Neighbours } from './submission/neighbours.js';
import { QuoteController } from './submission/quote.controller.js';
import { SubmissionController } from './submission/submission.controller.js';
import { Submissions } from './submission/submission.js';
import type { OrchestratorTables } from './tables.js';
import { TELEMETRY } from './tokens.js';

/**
 * How long an append waits for a database that is away. With the two seconds for each question
 * before it, a submission is answered before its asker gives up and asks again.
 */
const APPEND_PATIENCE_MS = 4_000;

/** A worker that has not heard of its job's end puts pictures down until the deadline, and no longer. */
const ORPHAN_MARGIN_MS = 60 * 60_000;

/** What the orchestrator is built from; opened and closed by `service.ts`. */
export interface OrchestratorParts {
  readonly config: OrchestratorConfig;
  readonly contentKey: KeyObject;
  readonly telemetry: Telemetry;
  readonly pool: pg.Pool;
  readonly bus: BusConnection;
}

/** Composition root: all wiring in one view. */
@Module({
  controllers: [SubmissionController, JobController, QuoteController, EndedController, JobConsumer],
})
export class OrchestratorModule {
  static of({ config, contentKey, telemetry, pool, bus }: OrchestratorParts): DynamicModule {
    const db = kyselyOn<OrchestratorTables>(pool);
    const services = new RequestClient(bus, telemetry);
    const reads = new CustomerReads(pool, schema);
    const contents = new Contents(pool, new AccountKeys(db, contentKey), reads);
    const { store, relay } = journalOf({ pool, telemetry, bus }, contents);
    const jobs = new Jobs(store);
    const generation = new GenerationRunner(jobs, services, telemetry);
    const neighbours = new Neighbours(services, telemetry);
    const submissions = new Submissions(jobs, neighbours, contents, config.JOB_DEADLINE_MS);
    const files = new FileObjectStore(config.OBJECT_STORE_DIR);
    const retries = new Retries(contents, submissions, new SealedObjects(files));
    const erasure = new Erasure(jobs, files);
    const all = new JobsOfAll(db);
    const intervalMs = config.JOB_SWEEP_EVERY_MS;
    const sweep = new DeadlineSweep({ db, jobs, generation, telemetry, intervalMs });
    const orphans = new OrphanSweep({ db, store: files, telemetry, ...orphanTimes(config) });
    return {
      module: OrchestratorModule,
      providers: [
        { provide: TELEMETRY, useValue: telemetry },
        { provide: EventStore, useValue: store },
        { provide: Jobs, useValue: jobs },
        { provide: JobReader, useValue: new JobReader(reads) },
        { provide: JobsOfAll, useValue: all },
        { provide: ProgressBoard, useValue: new ProgressBoard() },
        { provide: Contents, useValue: contents },
        { provide: Neighbours, useValue: neighbours },
        { provide: Submissions, useValue: submissions },
        { provide: Retries, useValue: retries },
        { provide: Erasure, useValue: erasure },
        { provide: Withdrawal, useValue: new Withdrawal(all, jobs, generation, erasure) },
        { provide: Suspension, useValue: new Suspension(all, jobs, generation) },
        { provide: GenerationRunner, useValue: generation },
        { provide: DeadlineSweep, useValue: sweep },
        { provide: OutboxRelay, useValue: relay },
        { provide: OrphanSweep, useValue: orphans },
      ],
    };
  }
}

/** The events of jobs: where they are kept, with what follows them at once, and how others hear. */
function journalOf(
  { pool, telemetry, bus }: Pick<OrchestratorParts, 'pool' | 'telemetry' | 'bus'>,
  contents: Contents,
) {
  const projections = [jobProjection, contents];
  const patienceMs = APPEND_PATIENCE_MS;
  const store = new EventStore({ pool, schema, projections, telemetry, patienceMs });
  const publisher = new JetStreamPublisher(bus, jobsStream, telemetry);
  const relay = new OutboxRelay({ store, pool, schema, toPublic, publisher, telemetry });
  return { store, relay };
}

const orphanTimes = (config: OrchestratorParts['config']) => ({
  olderThanMs: config.JOB_DEADLINE_MS + ORPHAN_MARGIN_MS,
  everyMs: config.ORPHAN_SWEEP_EVERY_MS,
});
