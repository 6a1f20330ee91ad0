import { hash } from 'node:crypto';
import type { DomainEvent, MessageContext, RecordedEvent } from '@safelight/event-sourcing';
import { Unstorable } from '../faults.js';
import { newEventId } from './event-id.js';
import { assertText, fromStoredJson, toStoredJson } from '../stored-json.js';

/** Which message, of which consumer, the append is the effect of. */
export interface InboxEntry {
  readonly consumer: string;
  readonly messageId: string;
}

/** Events that become part of one stream together, or not at all. */
export interface AppendUnit {
  readonly streamId: string;
  /** The version the stream must have; 0 = it must not exist yet. */
  readonly expectedVersion: number;
  /** Permanent id of the command: the same one appends to a stream only once. */
  readonly commandId: string;
  /** May be empty only with an inbox entry: then the message alone is recorded as handled. */
  readonly events: readonly DomainEvent[];
  readonly context: MessageContext;
  readonly inbox?: InboxEntry | undefined;
}

export type AppendOutcome =
  /** `repeated`: the command was recorded before; these are its events of then. */
  | { readonly status: 'appended' | 'repeated'; readonly events: RecordedEvent[] }
  /** The inbox knows the message already. */
  | { readonly status: 'duplicate' }
  /** The stream has another version. */
  | { readonly status: 'conflict' };

export interface PreparedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly payload: string;
  readonly sha256: string;
  /** As a later read will give it, so that a cached state never differs from a reloaded one. */
  readonly event: DomainEvent;
}

/** A unit whose content is known to be storable. */
export interface PreparedUnit extends Omit<AppendUnit, 'events' | 'context'> {
  readonly events: readonly PreparedEvent[];
  readonly metadata: string;
  readonly context: MessageContext;
}

const MAX_EVENTS = 1000;

/** @throws Unstorable when any part of the unit could not be written or read back as it is */
export function prepare(
  unit: AppendUnit,
  schemaVersions: Readonly<Record<string, number>> = {},
): PreparedUnit {
  assertText('stream id', unit.streamId);
  assertText('command id', unit.commandId);
  if (unit.inbox) {
    assertText('consumer', unit.inbox.consumer);
    assertText('message id', unit.inbox.messageId);
  }
  if (!Number.isSafeInteger(unit.expectedVersion) || unit.expectedVersion < 0) {
    throw new Unstorable('the expected version must be a whole number from 0');
  }
  if ((unit.events.length === 0 && !unit.inbox) || unit.events.length > MAX_EVENTS) {
    throw new Unstorable(`a unit has 1 to ${MAX_EVENTS} events`);
  }
  const metadata = toStoredJson(unit.context);
  return {
    ...unit,
    events: unit.events.map((event) => prepareEvent(event, schemaVersions[event.type] ?? 1)),
    metadata,
    context: JSON.parse(metadata) as MessageContext,
  };
}

function prepareEvent(event: DomainEvent, schemaVersion: number): PreparedEvent {
  assertText('event type', event.type);
  const payload = toStoredJson(event);
  return {
    eventId: newEventId(),
    type: event.type,
    schemaVersion,
    payload,
    sha256: hash('sha256', payload),
    event: fromStoredJson(payload) as DomainEvent,
  };
}
