import {
  CommandHandler,
  type CommandMeta,
  type Commands,
  type EventStore,
  type Handled,
} from '@safelight/event-store';
import { isEpochOver } from '../leadership/epoch.js';
import {
  assignmentDecider,
  justQueued,
  type Assignment,
  type AssignmentCommand,
  type AssignmentEvent,
} from './assignment.js';
import { streamOf } from './assignment.stream.js';

export type HandledAssignment = Handled<AssignmentEvent, Assignment>;

/** Enough for every job that is queued or running, so that a decision needs no read. */
const CACHED = 250_000;

/** Load, decide, append, in one reign: once another has begun, nothing is written any more. */
export class Assignments {
  private readonly commands: CommandHandler<AssignmentCommand, AssignmentEvent, Assignment>;

  constructor(
    store: EventStore,
    private readonly onEpochOver: (error: unknown) => void,
  ) {
    const decider = assignmentDecider;
    const isOver = ({ status }: Assignment) => status === 'completed' || status === 'failed';
    this.commands = new CommandHandler({ store, decider, streamOf, cacheSize: CACHED, isOver });
  }

  /**
   * Jobs that were queued under an earlier reign and never leased: their history is one event, so
   * that none of it has to be read to lease them.
   */
  recallQueued(jobs: Iterable<{ readonly jobId: string; readonly attemptsMax: number }>): void {
    const shared = new Map<number, { state: Assignment; version: number }>();
    for (const { jobId, attemptsMax } of jobs) {
      const known = shared.get(attemptsMax) ?? { state: justQueued(attemptsMax), version: 1 };
      shared.set(attemptsMax, known);
      this.commands.recall(jobId, known);
    }
  }

  /** @throws DomainError, and what `CommandHandler.handle` throws */
  async handle(
    jobId: string,
    commands: Commands<AssignmentCommand, Assignment>,
    meta: CommandMeta,
  ): Promise<HandledAssignment> {
    try {
      return await this.commands.handle(jobId, commands, meta);
    } catch (error) {
      if (isEpochOver(error)) this.onEpochOver(error);
      throw error;
    }
  }
}
