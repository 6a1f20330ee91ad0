import type { RecordedEvent } from '@safelight/event-sourcing';
import type { Statement } from '@safelight/postgres';

/**
 * An event that is about to be recorded. What the database gives it is not known yet; the time of
 * its recording is `now()` in the statements beside it.
 */
export type StagedEvent = Omit<RecordedEvent, 'position' | 'transactionId' | 'recordedAt'>;

/**
 * A read model kept in the append's own database transaction. `statements` is asked once per batch,
 * with the batch's events in the order in which they are recorded, and again when the batch has to
 * be tried again; what it answers travels with the events in one round trip. It must go by key, and
 * writers must touch rows in one order (of their keys), so that two never wait for each other.
 */
export interface InlineProjection {
  readonly name: string;
  statements(events: readonly StagedEvent[]): readonly Statement[];
}
