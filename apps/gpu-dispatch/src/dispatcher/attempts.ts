import type { completeAttempt, failAttempt } from '@safelight/contracts';
import type { MessageContext } from '@safelight/event-sourcing';
import type { CommandMeta } from '@safelight/event-store';
import type { z } from 'zod';
import type { Assignment, AssignmentCommand } from '../assignment/assignment.js';
import type { HandledAssignment } from '../assignment/assignment.handler.js';
import type { Assigner } from './assigner.js';
import { contextOf, type Entry, type Lease } from './board.js';
import { retryPauseMs } from './retry-pause.js';
import type { ReignParts } from './reign-parts.js';

type Completion = z.output<typeof completeAttempt.request>;
type Failure = z.output<typeof failAttempt.request>;

/** A worker that stops gives its work back unharmed: that is no failed attempt. */
const HANDED_BACK = 'worker.draining';

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
    const entry = this.parts.board.get(jobId);
    if (this.isNews(handled) && entry !== undefined) this.learn(entry, report);
    this.follow(jobId, handled.state, { attempt, gpuMs, free: true, outcome: 'completed' });
    return handled.state.status === 'completed' && handled.state.attempt === attempt;
  }

  /** @returns whether the report changed anything, now or already */
  async fail(report: Failure, context: MessageContext): Promise<boolean> {
    const { jobId, attempt, gpuMs, code } = report;
    const handedBack = code === HANDED_BACK;
    const handled = await this.parts.assignments.handle(
      jobId,
      handedBack
        ? { type: 'ReleaseLease', attempt, reason: code }
        : ({ charged }) => this.failureOf(report, charged),
      { commandId: `${handedBack ? 'release' : 'fail'}-${attempt}`, context },
    );
    this.isNews(handled);
    if (handedBack) this.parts.board.roster.silence(report.incarnation);
    this.follow(jobId, handled.state, { attempt, gpuMs, free: !handedBack, outcome: 'failed' });
    return handled.status === 'appended' || handled.status === 'repeated';
  }

  /** The lease has run out: the job goes back into the queue, or fails for good. */
  async expire(entry: Entry, attempt: number): Promise<void> {
    const { jobId } = entry.job;
    const handled = await this.parts.assignments.handle(
      jobId,
      { type: 'ExpireLease', attempt },
      { commandId: `expire-${attempt}`, context: contextOf(entry) },
    );
    if (handled.status === 'appended') this.parts.metrics.leaseExpired();
    // Nobody pays for a worker that went away.
    this.follow(jobId, handled.state, { attempt, gpuMs: 0, free: false, outcome: 'expired' });
  }

  /** The worker is there and does not know of the lease: it lost it in an outage, or never had it. */
  async lose(entry: Entry, { attempt, workerId }: Lease): Promise<void> {
    const { assignments, telemetry } = this.parts;
    const { jobId } = entry.job;
    telemetry.logger.warn({ job_id: jobId, workerId, attempt }, 'lease lost by its worker');
    const handled = await assignments.handle(
      jobId,
      { type: 'LoseLease', attempt },
      { commandId: `lose-${attempt}`, context: contextOf(entry) },
    );
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
    if (state.status === 'queued') {
      board.release(entry, end.gpuMs);
      this.assigner.queueAgain(entry, state.retryAt);
    } else board.end(jobId, end.gpuMs);
    this.assigner.match(board.roster.get(incarnation));
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
    const { attempt, workerId, gpuMs, code, message, retryable } = report;
    const pauseMs = retryPauseMs(earlier, this.parts.config.RETRY_MS, Math.random());
    const retryAt = new Date(Date.now() + pauseMs).toISOString();
    return {
      ...{ type: 'FailAttempt', attempt, workerId, gpuMs, code, message, retryable, retryAt },
    };
  }

  private isNews({ status }: HandledAssignment): boolean {
    if (status === 'nothing') this.parts.metrics.staleToken();
    return status === 'appended';
  }
}

const elapsed = (sinceMs: number): number => performance.now() - sinceMs;
