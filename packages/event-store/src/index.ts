export { EventStore, type EventStoreOptions } from './event-store.js';
export type { AppendOutcome, AppendUnit, InboxEntry } from './append/unit.js';
export type { InlineProjection, StagedEvent } from './append/projection.js';
export {
  CommandHandler,
  type CommandHandlerOptions,
  type CommandMeta,
  type Commands,
  type Handled,
} from './commands/command-handler.js';
export { beginning, type Cursor } from './reading/cursor.js';
export { readBatch } from './reading/read-after.js';
export { streamStatement } from './reading/read-stream.js';
export { toRecorded, type RecordedRow } from './recorded.js';
export { Subscriber, type SubscriberOptions } from './reading/subscriber.js';
export { OutboxRelay, type OutboxRelayOptions } from './outbox/outbox-relay.js';
export { eventStoreMigration } from './migration.js';
export type { StoreTelemetry } from './hooks.js';
export {
  CorruptEvent,
  RestoredIntoYoungerCluster,
  StoreUnavailable,
  StreamContended,
  Unstorable,
} from './faults.js';
export type { OutboxMessage, OutboxPublisher, OutboxStatus, Publication } from './outbox/outbox.js';
