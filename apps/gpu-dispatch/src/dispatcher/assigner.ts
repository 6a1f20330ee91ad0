import { ROOT_CONTEXT, SpanKind, type Span } from '@opentelemetry/api';
import { DomainError, type MessageContext } from '@safelight/event-sourcing';
import { traced, traceparentOf, withLogFields } from '@safelight/telemetry';
import type { AssignmentCommand } from '../assignment/assignment.js';
import type { Decision, Taken } from '../schedule/decision.js';
import type { QueuedJob, RunningJob } from '../schedule/fair-queue.js';
import type { Worker } from '../workers/roster.js';
import { contextOf, type Entry, type Lease } from './board.js';
import { Handover } from './handover.js';
import type { ReignParts } from './reign-parts.js';

/** A slot that is kept free for one job, with the lease that the job is to get. */
export interface Seat {
  readonly worker: Worker;
  readonly command: Extract<AssignmentCommand, { type: 'LeaseAttempt' }>;
  /** Monotonic ms. */
  readonly decidedMs: number;
}

/** Joins waiting jobs with free slots: lease first, durably, then tell the worker. */
export class Assigner {
  private readonly handover: Handover;
  private resting = false;

  constructor(private readonly parts: ReignParts) {
    this.handover = new Handover(parts, (entry) => this.queueAgain(entry, null));
  }

  /** Gives the worker jobs while it has free slots and the queue has something that fits. */
  match(worker: Worker | undefined): void {
    const { background, board } = this.parts;
    while (!this.resting && worker !== undefined && worker.free > 0) {
      const taken = this.decide(worker);
      if (taken === undefined) break;
      const { job, decision } = taken;
      const entry = board.get(job.jobId);
      if (entry === undefined) throw new Error(`job ${job.jobId} is queued but not on the board`);
      this.seat(worker, job, decision);
      background.begin(this.assign(worker, entry, decision));
    }
  }

  /** Finds a worker for a job that just came, or came back: one that did not fail with it. */
  seekWorker(
    job: Pick<RunningJob, 'model' | 'pool' | 'sharedOnly' | 'vramBytes'>,
    failedOn: readonly string[] = [],
  ): void {
    this.match(this.parts.board.roster.pick(job, failedOn));
  }

  /** A job that failed on a worker waits for another one, as long as there is another one. */
  private shuns(job: QueuedJob, { workerId }: Worker): boolean {
    const { board } = this.parts;
    const failedOn = board.get(job.jobId)?.failedOn;
    return failedOn?.includes(workerId) === true && board.roster.isServedBesides(job, failedOn);
  }

  /** A slot for a job that need not wait: one is free, and nobody else could use it. */
  reserve(job: RunningJob): Seat | undefined {
    const { queue, roster } = this.parts.board;
    const worker = this.resting ? undefined : roster.pick(job);
    if (worker === undefined || !queue.needNotWait(job, worker)) return undefined;
    const decision = queue.serve(job, worker);
    this.seat(worker, job, decision);
    const command = this.leaseFor(worker, decision);
    return { worker, command, decidedMs: performance.now() };
  }

  /** The job has not taken its seat: somebody else may. */
  vacate({ worker }: Seat, jobId: string): void {
    const { queue, roster } = this.parts.board;
    queue.settle(jobId, 0);
    roster.vacate(worker.incarnation, jobId, true);
    this.match(worker);
  }

  /** The job was queued and leased at once: tells the worker. */
  take({ worker, command, decidedMs }: Seat, entry: Entry, attempt: number): void {
    const cold = command.decision?.warm === false;
    const lease = this.hold(worker, entry, { attempt, decidedMs, cold });
    this.parts.background.begin(
      this.span(entry, (context) => this.handover.hand(worker, entry, { lease, context })),
    );
  }

  /** Queues a job whose lease is over, now or at a time of the wall clock (ISO 8601). */
  queueAgain(entry: Entry, dueAt: string | null): void {
    const { alarms, board } = this.parts;
    const { jobId } = entry.job;
    const queue = () => {
      if (board.get(jobId) !== entry) return;
      board.requeue(entry);
      this.seekWorker(entry.job, entry.failedOn);
    };
    const pauseMs = dueAt === null ? 0 : Date.parse(dueAt) - Date.now();
    if (pauseMs > 0) alarms.in(pauseMs, queue);
    else queue();
  }

  /** Tells the world that the attempt has started, unless that is told. */
  announce(entry: Entry, lease: Lease): Promise<void> {
    return this.handover.announce(entry, lease);
  }

  /** Joins nothing more. */
  rest(): void {
    this.resting = true;
  }

  private decide(worker: Worker): Taken | undefined {
    const startedMs = performance.now();
    const shuns = (job: QueuedJob) => this.shuns(job, worker);
    const taken = this.parts.board.queue.take(worker, Date.now(), shuns);
    if (taken !== undefined)
      this.parts.metrics.decided(taken.decision, performance.now() - startedMs);
    return taken;
  }

  /** The worker's slot is the job's from now on. */
  private seat({ incarnation }: Worker, job: RunningJob, decision: Decision): void {
    const { roster } = this.parts.board;
    roster.occupy(incarnation, job.jobId);
    roster.warm(incarnation, job.model, decision.pool === 'lent');
  }

  private assign(worker: Worker, entry: Entry, decision: Decision): Promise<void> {
    return this.span(entry, async (context) => {
      const command = this.leaseFor(worker, decision);
      const lease = await this.lease(worker, entry, { command, context });
      if (lease !== undefined) await this.handover.hand(worker, entry, { lease, context });
    });
  }

  /** The attempt has a trace of its own: no span stays open while a job waits. */
  private span(entry: Entry, run: (context: MessageContext) => Promise<void>): Promise<void> {
    const { jobId, model } = entry.job;
    const options = {
      kind: SpanKind.PRODUCER,
      parent: ROOT_CONTEXT,
      links: entry.traceparent === undefined ? [] : [entry.traceparent],
      attributes: { 'safelight.job_id': jobId, 'gen_ai.request.model': model },
    };
    return traced(this.parts.telemetry, 'assign attempt', options, (span: Span) =>
      withLogFields({ job_id: jobId }, async () => {
        await run({ ...contextOf(entry), traceparent: traceparentOf(span) });
        span.setAttribute('safelight.attempt', entry.attempt);
      }),
    );
  }

  /** @returns `undefined` when the job was withdrawn in the meantime */
  private async lease(
    worker: Worker,
    entry: Entry,
    { command, context }: { command: Seat['command']; context: MessageContext },
  ): Promise<Lease | undefined> {
    const { assignments, board } = this.parts;
    const { jobId } = entry.job;
    const decidedMs = performance.now();
    const meta = { commandId: `lease-${entry.attempt + 1}`, context };
    try {
      const { state } = await assignments.handle(jobId, command, meta);
      const cold = command.decision?.warm === false;
      return this.hold(worker, entry, { attempt: state.attempt, decidedMs, cold });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      board.roster.vacate(worker.incarnation, jobId, true);
      this.match(worker);
      return undefined;
    }
  }

  private leaseFor({ workerId, incarnation }: Worker, decision: Decision): Seat['command'] {
    const { config, epoch } = this.parts;
    const nowMs = Date.now();
    const leasedAt = new Date(nowMs).toISOString();
    const leaseUntil = new Date(nowMs + config.LEASE_MS).toISOString();
    const lease = { workerId, incarnation, epoch, leasedAt, leaseUntil };
    return { type: 'LeaseAttempt', ...lease, decision: { ...decision } };
  }

  /** A lease that is committed. */
  private hold(
    { workerId, incarnation }: Worker,
    entry: Entry,
    { attempt, decidedMs, cold }: { attempt: number; decidedMs: number; cold: boolean },
  ): Lease {
    const { board, config, metrics } = this.parts;
    metrics.waited(entry.job.lane, Math.max(0, Date.now() - entry.queuedAtMs));
    const grant = { attempt, decidedMs, workerId, incarnation };
    const lease = board.lease(entry, grant, config.LEASE_MS);
    lease.cold = cold;
    this.handover.announceLater(entry, lease);
    return lease;
  }
}
