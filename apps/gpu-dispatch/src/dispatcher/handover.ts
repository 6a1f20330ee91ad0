import { DomainError, type MessageContext } from '@safelight/event-sourcing';
import { Unavailable } from '@safelight/messaging';
import type { Worker } from '../workers/roster.js';
import { contextOf, type Entry, type Lease } from './board.js';
import type { ReignParts } from './reign-parts.js';

/** An attempt whose end comes sooner needs no news of its start: its end tells both. */
const MOMENT_MS = 500;

/** Brings leases to their workers, and tells the world of attempts that last. */
export class Handover {
  /** @param onReleased queues a job whose lease never came to work */
  constructor(
    private readonly parts: ReignParts,
    private readonly onReleased: (entry: Entry) => void,
  ) {}

  /** Tells the worker; takes the lease back, uncharged, when it does not want it. */
  async hand(
    worker: Worker,
    entry: Entry,
    { lease, context }: { lease: Lease; context: MessageContext },
  ): Promise<void> {
    lease.traceparent = context.traceparent;
    const refusal = await this.tell(worker, entry, { lease, context });
    if (refusal === undefined || lease.confirmed || entry.lease !== lease) return;
    const fields = { reason: refusal, workerId: worker.workerId };
    this.parts.metrics.leaseRefused(refusal);
    if (refusal === 'service.timeout') this.parts.supervision.fellSilent(worker.workerId);
    this.parts.telemetry.logger.warn(fields, 'lease released');
    await this.release(entry, lease, refusal);
  }

  announceLater(entry: Entry, lease: Lease): void {
    const { alarms, background } = this.parts;
    alarms.in(MOMENT_MS, () => {
      if (entry.lease === lease) background.begin(this.announce(entry, lease));
    });
  }

  /** Records that the attempt has started, unless that is known. */
  async announce(entry: Entry, { attempt }: Lease): Promise<void> {
    await this.parts.assignments.handle(
      entry.job.jobId,
      { type: 'StartAttempt', attempt },
      { commandId: `start-${attempt}`, context: contextOf(entry) },
    );
  }

  /** @returns why the worker does not have it, `undefined` when it accepted */
  private async tell(
    worker: Worker,
    entry: Entry,
    { lease, context }: { lease: Lease; context: MessageContext },
  ): Promise<string | undefined> {
    const { board, config, epoch, requests } = this.parts;
    const { job, spec, traceparent = null } = entry;
    const deadlineAt = new Date(entry.deadlineAtMs).toISOString();
    const { jobId, accountId } = job;
    const attempt = { attempt: lease.attempt, epoch, spec, deadlineAt, submission: traceparent };
    try {
      await requests.request(worker.assign, { jobId, accountId, ...attempt }, { context });
      this.parts.metrics.accepted(performance.now() - lease.decidedMs);
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

  private async release(entry: Entry, lease: Lease, reason: string): Promise<void> {
    const { assignments, board } = this.parts;
    const { attempt, incarnation } = lease;
    const { jobId } = entry.job;
    const handled = await assignments.handle(
      jobId,
      { type: 'ReleaseLease', attempt, reason },
      { commandId: `release-${attempt}`, context: contextOf(entry) },
    );
    if (entry.lease !== lease || handled.state.status !== 'queued') return;
    board.roster.vacate(incarnation, jobId, false);
    board.release(entry, 0);
    this.onReleased(entry);
  }
}
