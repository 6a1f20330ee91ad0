import type { DomainEvent, MessageContext } from '@safelight/event-sourcing';

export const context: MessageContext = { correlationId: 'job_1', causationId: 'message_1' };

export const happened = (what: string): DomainEvent & { what: string } => ({
  type: 'Happened',
  what,
});
