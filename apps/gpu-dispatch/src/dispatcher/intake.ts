import type { JobSpec } from '@safelight/contracts';
import type { CommandMeta } from '@safelight/event-store';
import type { AssignmentCommand } from '../assignment/assignment.js';
import type { HandledAssignment } from '../assignment/assignment.handler.js';
import type { Assigner, Seat } from './assigner.js';
import { entryOf, wishesOf } from './board.js';
import type { ReignParts } from './reign-parts.js';

export interface QueuedJobFact {
  readonly jobId: string;
  readonly accountId: string;
  readonly spec: JobSpec;
  readonly deadlineAt: string;
}

/** How jobs come in: into the queue, or, when a slot is free for it, to a worker at once. */
export class Intake {
  constructor(
    private readonly parts: ReignParts,
    private readonly assigner: Assigner,
  ) {}

  /** Resolves when the job is committed as queued; changes nothing for one that is known. */
  async take(fact: QueuedJobFact, meta: CommandMeta): Promise<void> {
    const { board } = this.parts;
    const { jobId, accountId, spec } = fact;
    if (board.hasEnded(jobId) || board.get(jobId) !== undefined) return;
    const predictedGpuMs = board.speeds.predict(spec);
    const { model, lane, pool } = spec;
    const seat = this.assigner.reserve({
      ...{ jobId, accountId, model, lane, pool, predictedGpuMs },
      ...wishesOf(spec),
    });
    const handled = await this.append({ ...fact, predictedGpuMs }, seat, meta);
    const [recorded] = handled.events;
    if (handled.status !== 'appended' || recorded === undefined) {
      this.requireKnown(jobId, handled);
      return;
    }
    const { eventId: cause, position: sequence, context, recordedAt } = recorded;
    const entry = entryOf({
      ...{ jobId, accountId, spec, predictedGpuMs, cause, sequence, attempt: 0 },
      failedOn: [],
      traceparent: context.traceparent ?? null,
      queuedAtMs: recordedAt.getTime(),
      deadlineAtMs: Date.parse(fact.deadlineAt),
    });
    if (seat === undefined) {
      board.enqueue(entry);
      this.assigner.seekWorker(entry.job);
    } else {
      board.enter(entry);
      this.assigner.take(seat, entry, handled.state.attempt);
    }
  }

  /** Queueing and lease, if there is a seat, become one append. */
  private async append(
    fact: QueuedJobFact & { predictedGpuMs: number },
    seat: Seat | undefined,
    meta: CommandMeta,
  ): Promise<HandledAssignment> {
    const { assignments, config } = this.parts;
    const { jobId, ...queueing } = fact;
    const queue: AssignmentCommand = {
      ...{ type: 'QueueAssignment', ...queueing, attemptsMax: config.ATTEMPTS_MAX },
    };
    let handled: HandledAssignment | undefined;
    try {
      handled = await assignments.handle(
        jobId,
        ({ status }) =>
          seat !== undefined && status === 'unknown' ? [queue, seat.command] : queue,
        { ...meta, believedNew: true },
      );
      return handled;
    } finally {
      if (seat !== undefined && handled?.status !== 'appended') this.assigner.vacate(seat, jobId);
    }
  }

  private requireKnown(jobId: string, { state }: HandledAssignment): void {
    const isOpen = state.status === 'queued' || state.status === 'leased';
    // Committed by an append of ours that nobody could answer for: the next reign reads it.
    if (isOpen && this.parts.board.get(jobId) === undefined) {
      this.parts.abdicate(new Error(`job ${jobId} is open but not on the board`));
    }
  }
}
