import type { RecordedEvent } from '@safelight/event-sourcing';
import type { RelayMetrics } from '../hooks.js';
import type { Acknowledged } from './acknowledged.js';
import type { OutboxMessage, OutboxPublisher, Publication } from './outbox.js';

type Path = 'push' | 'net';

interface Letter {
  readonly event: RecordedEvent;
  readonly message: OutboxMessage;
}

/** Maps events to messages and publishes them, for either path. */
export class Mailing {
  /** Where acknowledgements are noted; `undefined` while another process is the reader. */
  acknowledged: Acknowledged | undefined;

  constructor(
    private readonly toPublic: (event: RecordedEvent) => OutboxMessage | undefined,
    private readonly publisher: OutboxPublisher,
    private readonly metrics: RelayMetrics,
  ) {}

  /**
   * Publishes what of `events` is public, in order. Never rejects.
   *
   * @returns the first failure; events that are done all the same have been noted
   */
  async send(events: readonly RecordedEvent[], path: Path): Promise<Error | undefined> {
    const { acknowledged } = this;
    const letters: Letter[] = [];
    try {
      for (const event of events) {
        const message = this.toPublic(event);
        if (message) letters.push({ event, message });
        else acknowledged?.events.add(event);
      }
      if (letters.length === 0) return undefined;
      const publications = await this.publish(letters, acknowledged);
      const taken = publications.filter((publication) => !('error' in publication));
      this.metrics.published?.add(taken.length, { path });
      return publications.find((publication) => 'error' in publication)?.error;
    } catch (error) {
      return toError(error);
    }
  }

  /** Notes in `acknowledged`: that of the moment of sending, since a loss may be found meanwhile. */
  private async publish(
    letters: readonly Letter[],
    acknowledged: Acknowledged | undefined,
  ): Promise<readonly Publication[]> {
    const sentAfter = acknowledged?.anchor;
    const answers = await this.publisher.publish(letters.map(({ message }) => message));
    return letters.map(({ event, message }, index) => {
      const publication = answers[index] ?? { error: new Error('a message got no answer') };
      if (acknowledged && sentAfter && !('error' in publication)) {
        const { sequence, duplicate = false } = publication;
        acknowledged.note({ sequence, id: message.id }, duplicate, sentAfter);
        acknowledged.events.add(event);
      }
      return publication;
    });
  }
}

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error), { cause: error });
