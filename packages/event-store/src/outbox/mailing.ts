import type { RecordedEvent } from '@safelight/event-sourcing';
import type { RelayMetrics } from '../hooks.js';
import type { OutboxMessage, OutboxPublisher } from './outbox.js';

export interface Mailed {
  /** Ids of the events that are done: acknowledged by JetStream, or private. */
  readonly done: string[];
  /** Sequences that were acknowledged, in order. */
  readonly sequences: number[];
  /** The first failure. */
  readonly error: Error | undefined;
}

/** Maps events to messages and publishes them, for either path. */
export class Mailing {
  constructor(
    private readonly toPublic: (event: RecordedEvent) => OutboxMessage | undefined,
    private readonly publisher: OutboxPublisher,
    private readonly metrics: RelayMetrics,
  ) {}

  /** Publishes what of `events` is public, in order. Never rejects. */
  async send(events: readonly RecordedEvent[], path: 'push' | 'net'): Promise<Mailed> {
    const done: string[] = [];
    const messages: OutboxMessage[] = [];
    try {
      for (const event of events) {
        const message = this.toPublic(event);
        if (message) messages.push(message);
        else done.push(event.eventId);
      }
      return await this.publish(messages, done, path);
    } catch (error) {
      return { done, sequences: [], error: toError(error) };
    }
  }

  private async publish(
    messages: readonly OutboxMessage[],
    done: string[],
    path: 'push' | 'net',
  ): Promise<Mailed> {
    if (messages.length === 0) return { done, sequences: [], error: undefined };
    const sequences: number[] = [];
    let error: Error | undefined;
    const publications = await this.publisher.publish(messages);
    messages.forEach((message, index) => {
      const publication = publications[index] ?? { error: new Error('a message got no answer') };
      if ('error' in publication) {
        error ??= publication.error;
        return;
      }
      sequences.push(publication.sequence);
      done.push(message.id);
    });
    this.metrics.published?.add(sequences.length, { path });
    return { done, sequences, error };
  }
}

export const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error), { cause: error });
