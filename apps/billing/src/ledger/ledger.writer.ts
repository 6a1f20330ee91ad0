import { DomainError } from '@safelight/event-sourcing';
import { GroupCommit } from '@safelight/postgres';
import { BatchWriter, type BatchWriterOptions, type Written } from './batch-writer.js';
import type { Answers, LedgerCommand } from './ledger.js';

/** How many commands may share one database transaction. */
const maxBatch = 512;

/**
 * The ledger of one process: commands that wait at the same moment are decided and stored together,
 * each with its own answer. Any number of processes may run one on the same tables.
 */
export class Ledger {
  private readonly group: GroupCommit<LedgerCommand, Written>;

  constructor(options: BatchWriterOptions) {
    const writer = new BatchWriter(options);
    this.group = new GroupCommit({ maxBatch, run: (commands) => writer.write(commands) });
  }

  /**
   * Does what the command asks, once, however often it is asked. Resolves after the commit.
   *
   * @throws DomainError with the codes of `decide`
   * @throws the database's error when the outcome is unknown; asking again is safe
   */
  async execute<Command extends LedgerCommand>(
    command: Command,
  ): Promise<Answers[Command['type']]> {
    const written = await this.group.submit(command);
    switch (written.status) {
      case 'refused':
        throw new DomainError(written.code, written.details);
      case 'failed':
        throw written.error;
      case 'accepted':
      case 'repeated':
        // `answerTo` answers each type of command with that type's answer.
        return written.answer as Answers[Command['type']];
    }
  }

  /** Resolves when everything that was asked has been answered. */
  drain(): Promise<void> {
    return this.group.drain();
  }
}
