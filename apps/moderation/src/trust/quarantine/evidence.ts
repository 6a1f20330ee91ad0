import { CommandHandler, type EventStore } from '@safelight/event-store';
import type { Telemetry } from '@safelight/telemetry';
import { access, type Access, type AccessCommand, type AccessEvent } from './access.js';
import type { Evidence, Quarantine } from './quarantine.js';

/** Sealed evidence as people reach it: never without a second person, never without an event. */
export class EvidenceRoom {
  private readonly files: CommandHandler<AccessCommand, AccessEvent, Access>;

  constructor(
    store: EventStore,
    private readonly quarantine: Quarantine,
    private readonly logger: Pick<Telemetry['logger'], 'info'>,
  ) {
    const streamOf = (caseId: string) => `evidence-${caseId}`;
    this.files = new CommandHandler({ store, decider: access, streamOf });
  }

  /** @throws DomainError `evidence.shredded` */
  async ask(caseId: string, by: string, reason: string): Promise<void> {
    await this.handle(caseId, { type: 'AskReading', at: now(), by, reason });
  }

  /** @throws DomainError `evidence.not_asked`, `evidence.same_person`, `evidence.shredded` */
  async approve(caseId: string, by: string): Promise<void> {
    await this.handle(caseId, { type: 'ApproveReading', at: now(), by });
  }

  /**
   * The event comes first: what was read and not recorded would be worse than the reverse.
   * @throws DomainError `evidence.not_approved`, `evidence.not_found`, `evidence.shredded`
   */
  async read(caseId: string, by: string): Promise<Evidence[]> {
    await this.handle(caseId, { type: 'Read', at: now(), by });
    return this.quarantine.read(caseId);
  }

  /** What was held for as long as it has to be; several may do it at once. */
  async shredDue(): Promise<void> {
    for (const caseId of await this.quarantine.over(new Date())) {
      await this.quarantine.shred(caseId);
      await this.handle(caseId, { type: 'Shred', at: now() });
      this.logger.info({ case_id: caseId }, 'evidence was shredded: its time is over');
    }
  }

  private async handle(caseId: string, command: AccessCommand): Promise<void> {
    const commandId = `${command.type}:${command.at}:${'by' in command ? command.by : ''}`;
    const context = { correlationId: caseId, causationId: caseId };
    await this.files.handle(caseId, command, { commandId, context });
  }
}

const now = (): string => new Date().toISOString();
