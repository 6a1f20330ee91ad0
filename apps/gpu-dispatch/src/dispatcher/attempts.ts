import type { completeAttempt, failAttempt, stopAttempt } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import type { CommandMeta } from '@safelight/event-store';
import type { z } from 'zod';
import type { Assignment, AssignmentCommand } from '../assignment/assignment.js';
import type { HandledAssignment } from '../assignment/assignment.handler.js';
import type { Assigner } from './assigner.js';
import { contextOf, type Entry, type Lease } from './board.js';
import { retryPauseMs } from './retry-pause.js';
import type { ReignParts } from './reign-parts.js';
import { storable } from './storable.js';

type Completion = z.output<typeof completeAttempt.request>;
type Failure = z.output<typeof failAttempt.request>;
type Use = z.output<typeof stopAttempt.request>;

/** A worker that stops gives its work back unharmed: that is no failed attempt. */
const HANDED_BACK = 'worker.draining';

/** The engine went away under it, which says nothing of the next one: nothing gets better by waiting. */
const ENGINE_LOST = 'engine.lost';

/** The reign that gave the lease ended before its worker had it: nobody is to blame. */
const UNACCEPTED = 'lease.unaccepted';

/** How attempts end: completed, failed, expired or withdrawn. Frees the slot and fills it again. */
export class Attempts {
  constructor(
    private readonly parts: ReignParts,
    private readonly assigner: Assigner,
  ) {}

  /** @returns whether this attempt's outputs are the job's, now or already */
  async complete(report: Completion, context: MessageContext): Promise<boolean> {
    const { jobId, attempt, workerId, gpuMs, outputs } = report;
    const handled = await this.parts.assignments.handle(
      jobId,
      { type: 'CompleteAttempt', attempt, workerId, gpuMs, outputs },
      { commandId: `complete-${attempt}`, context },
    );
    const { board, retries, supervision } = this.parts;
    const entry = board.get(jobId);
    if (this.isNews(jobId, handled) && entry !== undefined) {
      supervision.completed(workerId, entry.job, entry.failedOn);
      retries.earn();
      this.learn(entry, report);
      board.onDone(jobId);
    }
    this.follow(jobId, handled.state, { attempt, gpuMs, free: true, outcome: 'completed' });
    return handled.state.status === 'completed' && handled.state.attempt === attempt;
  }

  /** @returns whether the report changed anything, now or already */
  async fail(report: Failure, context: MessageContext): Promise<boolean> {
    const { jobId, attempt, workerId, gpuMs, code, retryable } = report;
    const handedBack = code === HANDED_BACK;
    const job = this.parts.board.get(jobId)?.job;
    const handled = await this.parts.assignments.handle(
      jobId,
      handedBack
        ? { type: 'ReleaseLease', attempt, reason: code }
        : ({ charged }) => this.failureOf(report, charged),
      { commandId: `${handedBack ? 'release' : 'fail'}-${attempt}`, context },
    );
    const isNews = this.isNews(jobId, handled);
    // What no other worker would do better is no fault of this one.
    if (isNews && !handedBack && retryable && job !== undefined && !isPoison(handled)) {
      this.parts.supervision.failed(workerId, job);
    }
    if (handedBack) this.parts.board.roster.silence(report.incarnation);
    this.follow(jobId, handled.state, { attempt, gpuMs, free: !handedBack, outcome: 'failed' });
    return handled.status === 'appended' || handled.status === 'repeated';
  }

  /** The lease has run out: the job goes back into the queue, or fails for good. */
  async expire(entry: Entry, attempt: number): Promise<void> {
    const { jobId } = entry.job;
    const { workerId = '' } = entry.lease ?? {};
    const handled = await this.parts.assignments.handle(
      jobId,
      { type: 'ExpireLease', attempt },
      { commandId: `expire-${attempt}`, context: contextOf(entry) },
    );
    if (handled.status === 'appended') {
      this.notePoison(jobId, handled);
      this.parts.metrics.leaseExpired();
      this.parts.supervision.fellSilent(workerId);
    }
    // Nobody pays for a worker that went away.
    this.follow(jobId, handled.state, { attempt, gpuMs: 0, free: false, outcome: 'expired' });
  }

  /** The worker is there and does not know of the lease: it lost it in an outage, or never had it. */
  async lose(entry: Entry, lease: Lease): Promise<void> {
    const { attempt, workerId, resumed, confirmed } = lease;
    const { assignments, telemetry } = this.parts;
    const { jobId } = entry.job;
    telemetry.logger.warn({ job_id: jobId, workerId, attempt }, 'lease lost by its worker');
    const handled = await assignments.handle(
      jobId,
      resumed && !confirmed
        ? { type: 'ReleaseLease', attempt, reason: UNACCEPTED }
        : { type: 'LoseLease', attempt },
      { commandId: `lose-${attempt}`, context: contextOf(entry) },
    );
    if (handled.status === 'appended') this.notePoison(jobId, handled);
    this.follow(jobId, handled.state, { attempt, gpuMs: 0, free: false, outcome: 'lost' });
  }

  /** The job has ended elsewhere: nobody shall run it, and who runs it shall stop. */
  async withdraw(jobId: string, reason: string, meta: CommandMeta): Promise<void> {
    const { assignments, board } = this.parts;
    if (board.hasEnded(jobId)) return;
    await assignments.handle(jobId, { type: 'WithdrawAssignment', reason }, meta);
    const entry = board.get(jobId);
    const lease = entry?.lease;
    board.end(jobId, lease === undefined ? 0 : elapsed(lease.sinceMs));
    if (lease === undefined) return;
    board.roster.vacate(lease.incarnation, jobId, false);
    await this.cancel(jobId, lease);
  }

  /**
   * What an attempt had used whose job ended otherwise. Frees nothing: that was done when it ended.
   *
   * @returns whether it was recorded, now or already
   */
  async stop({ jobId, attempt, gpuMs }: Use, context: MessageContext): Promise<boolean> {
    const handled = await this.parts.assignments.handle(
      jobId,
      { type: 'StopAttempt', attempt, gpuMs },
      { commandId: `stop-${attempt}`, context },
    );
    return handled.status === 'appended' || handled.status === 'repeated';
  }

  /** Best effort: a worker that does not hear it is told again at its next heartbeat. */
  private async cancel(jobId: string, { incarnation, attempt }: Lease): Promise<void> {
    const { board, requests, telemetry } = this.parts;
    const worker = board.roster.get(incarnation);
    if (worker === undefined) return;
    try {
      await requests.request(worker.cancel, { jobId, attempt });
    } catch (error) {
      telemetry.logger.debug({ err: error, workerId: worker.workerId }, 'not cancelled yet');
    }
  }

  /** Brings the board to what is committed; only the lease that it was about is touched. */
  private follow(
    jobId: string,
    state: Assignment,
    end: { attempt: number; gpuMs: number; free: boolean; outcome: string },
  ): void {
    const { board, metrics } = this.parts;
    const entry = board.get(jobId);
    if (entry?.lease?.attempt !== end.attempt || state.status === 'leased') return;
    const { incarnation, sinceMs } = entry.lease;
    metrics.attempted(entry.job.model, end.outcome, elapsed(sinceMs));
    board.roster.vacate(incarnation, jobId, end.free);
    entry.failedOn = state.failedOn;
    if (state.status === 'queued') {
      board.release(entry, end.gpuMs);
      this.again(entry, end.outcome, state.retryAt);
    } else board.end(jobId, end.gpuMs);
    this.assigner.match(board.roster.get(incarnation));
  }

  /** A charged attempt is made again only as the budget of all retries allows. */
  private again(entry: Entry, outcome: string, retryAt: string | null): void {
    const charged = outcome === 'failed' || outcome === 'expired';
    if (!charged) {
      this.assigner.queueAgain(entry, retryAt);
      return;
    }
    const { attempt } = entry;
    this.parts.retries.spend(entry.job.accountId, {
      isWanted: () =>
        this.parts.board.get(entry.job.jobId) === entry &&
        entry.attempt === attempt &&
        entry.lease === undefined,
      make: () => this.assigner.queueAgain(entry, retryAt),
    });
  }

  /** What an attempt that went well tells of others like it. */
  private learn({ spec, lease }: Entry, { gpuMs, loadMs, incarnation }: Completion): void {
    const { speeds, roster } = this.parts.board;
    const gpu = roster.get(incarnation)?.gpu;
    speeds.learn(spec, gpuMs, gpu);
    if (loadMs > 0) speeds.learnLoad(spec.model, loadMs, gpu);
    if (lease !== undefined && !lease.resumed) {
      speeds.learnOverhead(elapsed(lease.sinceMs) - gpuMs - loadMs);
    }
  }

  private failureOf(report: Failure, earlier: number): AssignmentCommand {
    const { attempt, workerId, gpuMs, code, retryable } = report;
    const message = storable(report.message);
    const { RETRY_MS: firstMs } = this.parts.config;
    const pauseMs = code === ENGINE_LOST ? 0 : retryPauseMs(earlier, firstMs, Math.random());
    const retryAt = new Date(Date.now() + pauseMs).toISOString();
    return {
      ...{ type: 'FailAttempt', attempt, workerId, gpuMs, code, message, retryable, retryAt },
    };
  }

  private notePoison(jobId: string, handled: HandledAssignment): void {
    if (!isPoison(handled)) return;
    this.parts.metrics.jobPoisoned();
    this.parts.supervision.poisoned(jobId);
  }

  private isNews(jobId: string, handled: HandledAssignment): boolean {
    const { status } = handled;
    if (status === 'nothing') this.parts.metrics.staleToken();
    if (status === 'appended') this.notePoison(jobId, handled);
    return status === 'appended';
  }
}

const isPoison = ({ events }: HandledAssignment): boolean =>
  events.some(({ event }) => 'poison' in event && event.poison);

const elapsed = (sinceMs: number): number => performance.now() - sinceMs;
