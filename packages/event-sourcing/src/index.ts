export type { Decider } from './decider.js';
export { fold } from './decider.js';
export type { Process } from './process.js';
export { DomainError } from './domain-error.js';
export type { RefusalDetails } from './domain-error.js';
export type { DomainEvent, MessageContext, RecordedEvent } from './envelope.js';
