import type {
  OutboxMessage,
  OutboxPublisher,
  OutboxStatus,
  Publication,
} from '../outbox/outbox.js';

/** A bus in memory that keeps what JetStream would keep, and can fail and lose as it can. */
export class RecordingBus implements OutboxPublisher {
  /** Everything that was ever sent, repetitions included. */
  readonly sent: OutboxMessage[] = [];
  /** What the JetStream stream holds now. */
  stored: OutboxMessage[] = [];
  /** How much of `stored` every durable has acknowledged. */
  settledSequence = 0;
  /** Set to make publishing fail. */
  outage: Error | undefined;
  private created = 1;

  async publish(messages: readonly OutboxMessage[]): Promise<readonly Publication[]> {
    return messages.map((message): Publication => {
      if (this.outage) return { error: this.outage };
      this.sent.push(message);
      const known = this.stored.findIndex(({ id }) => id === message.id);
      if (known !== -1) return { sequence: known + 1, duplicate: true };
      return { sequence: this.stored.push(message) };
    });
  }

  async status(): Promise<OutboxStatus> {
    if (this.outage) throw this.outage;
    return {
      streamCreated: `created-${this.created}`,
      lastSequence: this.stored.length,
      settledSequence: this.settledSequence,
    };
  }

  async idAt(sequence: number): Promise<string | undefined> {
    if (this.outage) throw this.outage;
    return this.stored[sequence - 1]?.id;
  }

  /** The whole store is deleted; the next contact makes a new JetStream stream. */
  wipe(): void {
    this.created += 1;
    this.stored = [];
    this.settledSequence = 0;
  }

  /** The newest messages were never on the disk. */
  loseTail(count: number): void {
    this.stored = this.stored.slice(0, -count);
  }
}
