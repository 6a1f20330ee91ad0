import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import { DomainError, type MessageContext } from '@safelight/event-sourcing';
import { Unavailable } from '@safelight/messaging';
import { traced, traceparentOf, withLogFields } from '@safelight/telemetry';
import type { Worker } from '../workers/roster.js';
import type { Entry, Lease } from './board.js';
import type { ReignParts } from './reign-parts.js';

/** Joins waiting jobs with free slots: lease first, durably, then tell the worker. */
export class Assigner {
  private readonly underWay = new Set<Promise<void>>();
  private resting = false;

  constructor(private readonly parts: ReignParts) {}

  /** Gives the worker jobs while it has free slots and the queue has something that fits. */
  match(worker: Worker | undefined): void {
    const { board } = this.parts;
    while (!this.resting && worker !== undefined && worker.free > 0) {
      const job = board.queue.take(worker.models);
      if (job === undefined) return;
      const entry = board.get(job.jobId);
      if (entry === undefined) throw new Error(`job ${job.jobId} is queued but not on the board`);
      board.roster.occupy(worker.incarnation, job.jobId);
      this.begin(this.assign(worker, entry));
    }
  }

  /** Finds a worker for a job that just came, or came back. */
  seekWorker(model: string): void {
    this.match(this.parts.board.roster.pick(model));
  }

  /** Begins nothing more; resolves when what was begun is done. */
  async rest(): Promise<void> {
    this.resting = true;
    await Promise.allSettled(this.underWay);
  }

  /** Takes a lease back that never came to work, uncharged, and queues the job again. */
  private async release(entry: Entry, lease: Lease, reason: string): Promise<void> {
    const { assignments, board } = this.parts;
    const { attempt, incarnation } = lease;
    const { jobId, model } = entry.job;
    const handled = await assignments.handle(
      jobId,
      { type: 'ReleaseLease', attempt, reason },
      { commandId: `release-${attempt}`, context: contextOf(entry) },
    );
    if (entry.lease !== lease || handled.state.status !== 'queued') return;
    board.roster.vacate(incarnation, jobId, false);
    board.requeue(entry, 0);
    this.seekWorker(model);
  }

  /** `release`, in the background. */
  giveUp(entry: Entry, lease: Lease, reason: string): void {
    this.begin(this.release(entry, lease, reason));
  }

  private begin(work: Promise<void>): void {
    const done = work.catch((error: unknown) => this.parts.abdicate(error));
    this.underWay.add(done);
    void done.finally(() => this.underWay.delete(done));
  }

  /** The attempt has a trace of its own: no span stays open while a job waits. */
  private async assign(worker: Worker, entry: Entry): Promise<void> {
    const { telemetry } = this.parts;
    const { jobId, model } = entry.job;
    const options = {
      kind: SpanKind.PRODUCER,
      parent: ROOT_CONTEXT,
      links: entry.traceparent === undefined ? [] : [entry.traceparent],
      attributes: { 'safelight.job_id': jobId, 'gen_ai.request.model': model },
    };
    await traced(telemetry, 'assign attempt', options, (span) =>
      withLogFields({ job_id: jobId }, async () => {
        const context = { ...contextOf(entry), traceparent: traceparentOf(span) };
        const lease = await this.lease(worker, entry, context);
        if (lease === undefined) return;
        span.setAttribute('safelight.attempt', lease.attempt);
        const refusal = await this.hand(worker, entry, { lease, context });
        if (refusal === undefined || lease.confirmed || entry.lease !== lease) return;
        telemetry.logger.warn({ reason: refusal, workerId: worker.workerId }, 'lease released');
        await this.release(entry, lease, refusal);
      }),
    );
  }

  /** @returns `undefined` when the job was withdrawn in the meantime */
  private async lease(
    worker: Worker,
    entry: Entry,
    context: MessageContext,
  ): Promise<Lease | undefined> {
    const { assignments, board, config, epoch, metrics } = this.parts;
    const { workerId, incarnation } = worker;
    const now = Date.now();
    const times = {
      leasedAt: new Date(now).toISOString(),
      leaseUntil: new Date(now + config.LEASE_MS).toISOString(),
    };
    try {
      const { state } = await assignments.handle(
        entry.job.jobId,
        { type: 'LeaseAttempt', workerId, incarnation, epoch, ...times },
        { commandId: `lease-${entry.attempt + 1}`, context },
      );
      metrics.waited(entry.job.lane, now - entry.queuedAtMs);
      const sinceMs = performance.now();
      const lease = {
        ...{ attempt: state.attempt, workerId, incarnation, sinceMs },
        ...{ untilMs: sinceMs + config.LEASE_MS, confirmed: false, resumed: false },
      };
      entry.attempt = state.attempt;
      entry.lease = lease;
      return lease;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      board.roster.vacate(incarnation, entry.job.jobId, true);
      this.match(worker);
      return undefined;
    }
  }

  /** @returns why the worker does not have it, `undefined` when it accepted */
  private async hand(
    worker: Worker,
    entry: Entry,
    { lease, context }: { lease: Lease; context: MessageContext },
  ): Promise<string | undefined> {
    const { board, config, epoch, requests } = this.parts;
    const { job, spec, deadlineAt, traceparent = null } = entry;
    const { jobId, accountId } = job;
    const attempt = { attempt: lease.attempt, epoch, spec, deadlineAt, submission: traceparent };
    try {
      await requests.request(worker.assign, { jobId, accountId, ...attempt }, { context });
      lease.confirmed = true;
      lease.untilMs = Math.max(lease.untilMs, performance.now() + config.LEASE_MS);
      return undefined;
    } catch (error) {
      // Whatever is wrong with it: it gets nothing more before it says what it can take.
      board.roster.silence(worker.incarnation);
      if (error instanceof DomainError || error instanceof Unavailable) return error.code;
      return 'worker.fault';
    }
  }
}

/** The context of what the dispatcher does about a job by itself. */
export const contextOf = (entry: Entry): MessageContext => ({
  correlationId: entry.job.jobId,
  causationId: entry.cause,
});
