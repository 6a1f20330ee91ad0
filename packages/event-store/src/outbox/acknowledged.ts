import { KnownEvents } from './known-events.js';

/** A message in the JetStream stream: while it lies there, nothing before it was lost. */
export interface Anchor {
  /** 0 when there is none. */
  readonly sequence: number;
  readonly id: string;
}

export const noAnchor: Anchor = { sequence: 0, id: '' };

const MAX_KNOWN = 100_000;

/**
 * What JetStream acknowledged to this process since it became the schema's reader, or since the last
 * loss: another loss makes all of it worthless at once.
 */
export class Acknowledged {
  /** Done events that the cursor reader has not passed yet. */
  readonly events = new KnownEvents(MAX_KNOWN);
  private lost = false;

  /** @param newest the newest acknowledged message; none of the passed ones has a higher sequence */
  constructor(private newest: Anchor = noAnchor) {}

  get anchor(): Anchor {
    return this.newest;
  }

  /** JetStream gave a sequence twice: it has lost its tail since. */
  get tailLost(): boolean {
    return this.lost;
  }

  /**
   * @param duplicate JetStream had the message already and answered with its old place
   * @param sentAfter the anchor when the message was sent: whoever else publishes meanwhile, what is
   *   new comes behind it
   */
  note(message: Anchor, duplicate: boolean, sentAfter: Anchor): void {
    if (!duplicate && message.sequence <= sentAfter.sequence) this.lost = true;
    if (message.sequence > this.newest.sequence) this.newest = message;
  }
}
