import { setTimeout as pause } from 'node:timers/promises';
import { SpanKind } from '@opentelemetry/api';
import { newUuid } from '@safelight/contracts';
import { traced, traceparentOf } from '@safelight/telemetry';
import type { Telemetry } from '@safelight/telemetry';
import type { Kysely } from 'kysely';
import type { Jobs } from '../job/job.handler.js';
import type { OrchestratorTables } from '../tables.js';
import type { GenerationRunner } from './generation.runner.js';
import type { DueJob } from './overdue-jobs.sql.js';
import { claimDueJobs } from './overdue-jobs.sql.js';

/** Jobs that one look takes on, all at once. */
const JOBS_AT_ONCE = 50;
const LOOK_AGAIN_MS = 15_000;

export interface DeadlineSweepOptions {
  readonly db: Kysely<OrchestratorTables>;
  readonly jobs: Jobs;
  readonly generation: GenerationRunner;
  readonly telemetry: Telemetry;
  readonly intervalMs: number;
}

/** Nothing stays stuck: looks at jobs whose time has come, and does what is due. */
export class DeadlineSweep {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly options: DeadlineSweepOptions) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Resolves when the look in hand is over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const full = (await this.look()) === JOBS_AT_ONCE;
      const waitMs = full ? 0 : this.options.intervalMs;
      await pause(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** @returns how many jobs were looked at; never rejects */
  async look(): Promise<number> {
    const { db, telemetry } = this.options;
    try {
      const due = await claimDueJobs(db, JOBS_AT_ONCE, LOOK_AGAIN_MS);
      await Promise.all(due.map((job) => this.settle(job)));
      return due.length;
    } catch (error) {
      telemetry.logger.error({ err: error }, 'the sweep could not look for overdue jobs');
      return 0;
    }
  }

  private async settle({ job_id: jobId, now }: DueJob): Promise<void> {
    const { jobs, telemetry } = this.options;
    try {
      const [first] = await jobs.history(jobId);
      const attributes = { 'safelight.job_id': jobId };
      // A part of the job's own story, however long ago that began.
      const options = { kind: SpanKind.INTERNAL, attributes, parent: first?.context.traceparent };
      await traced(telemetry, 'look after job', options, () => this.finish(jobId, now));
    } catch (error) {
      telemetry.logger.warn({ err: error, job_id: jobId }, 'an overdue job is still not settled');
    }
  }

  private async finish(jobId: string, now: Date): Promise<void> {
    const causationId = `sweep:${newUuid()}`;
    const context = { correlationId: jobId, causationId, traceparent: traceparentOf() };
    const command = { type: 'ExpireJob' as const, now: now.toISOString() };
    const meta = { commandId: causationId, context };
    const { state } = await this.options.jobs.handle(jobId, command, meta);
    await this.options.generation.run(jobId, state, context);
  }
}
