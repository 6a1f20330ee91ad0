import type { Msg } from '@nats-io/transport-node';
import { NATS_MESSAGE_ID } from './wire.js';

const encoder = new TextEncoder();
const ACK = encoder.encode('+ACK');
const WORKING = encoder.encode('+WPI');

/** How a message is settled with JetStream. */
export const settlement = {
  ack: ACK,
  working: WORKING,
  /** Deliver again after this time. */
  again: (delayMs: number) => encoder.encode(`-NAK {"delay":${Math.round(delayMs * 1_000_000)}}`),
  /** Never deliver again. */
  never: (reason: string) => encoder.encode(`+TERM ${reason}`),
};

/** One delivery of a stored event, from its arrival to its settlement. */
export interface Incoming {
  readonly message: Msg;
  /** Identity of the JetStream stream that it came from. */
  readonly generation: string;
  readonly deliveries: number;
  readonly streamSequence: number;
  readonly receivedAtMs: number;
}

/** Reads what JetStream says about a delivery from the subject on which it wants its answer. */
export function incoming(message: Msg, generation: string): Incoming {
  const steps = (message.reply ?? '').split('.');
  // $JS.ACK.<stream>.<durable>.<deliveries>.<sequence>…, with domain and account before in the
  // longer form.
  const at = steps.length > 9 ? 6 : 4;
  return {
    message,
    generation,
    deliveries: Number(steps[at] ?? 1),
    streamSequence: Number(steps[at + 1] ?? 0),
    receivedAtMs: performance.now(),
  };
}

/** The id of the event as its publisher gave it to JetStream. */
export const messageIdOf = ({ message, streamSequence }: Incoming): string =>
  message.headers?.get(NATS_MESSAGE_ID) || `sequence-${streamSequence}`;
