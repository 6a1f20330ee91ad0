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
  type Assignment,
  type AssignmentCommand,
  type AssignmentEvent,
} from './assignment.js';
import { streamOf } from './assignment.stream.js';

export type HandledAssignment = Handled<AssignmentEvent, Assignment>;

/** Enough for every job that is queued or running, so that a decision needs no read. */
const CACHED = 50_000;

/** Load, decide, append, in one reign: once another has begun, nothing is written any more. */
export class Assignments {
  private readonly commands: CommandHandler<AssignmentCommand, AssignmentEvent, Assignment>;

  constructor(
    store: EventStore,
    private readonly onEpochOver: (error: unknown) => void,
  ) {
    const decider = assignmentDecider;
    this.commands = new CommandHandler({ store, decider, streamOf, cacheSize: CACHED });
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
