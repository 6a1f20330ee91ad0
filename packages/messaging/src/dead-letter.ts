import { jetstream } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Surroundings } from './handler.js';
import { messageIdOf, type Incoming } from './incoming.js';
import { eventIn } from './wire.js';

const HEADER_TEXT_MAX = 500;

/**
 * Parks a message that no try will ever handle, whole and with its headers, where a human finds it.
 * Rejects when JetStream did not take it: then the message must not be let go of.
 */
export async function park(
  on: Surroundings,
  durable: string,
  incoming: Incoming,
  reason: string,
): Promise<void> {
  const id = messageIdOf(incoming);
  const { message } = incoming;
  await jetstream(on.bus.nc).publish(`safelight.dead.${durable}`, message.data, {
    msgID: `${durable} ${id}`,
    headers: headersFor(incoming, reason),
  });
  on.metrics.deadLetters.add(1, { durable, subject: message.subject });
  const fields = { durable, subject: message.subject, messageId: id, reason };
  on.telemetry.logger.error(fields, 'a message was given up and parked');
}

function headersFor({ message, deliveries, streamSequence }: Incoming, reason: string): MsgHdrs {
  const kept = headers();
  for (const [name, values] of message.headers ?? []) {
    // Its message id would make the dead letter of one durable a duplicate of another's.
    if (name.startsWith('Nats-')) continue;
    for (const value of values) kept.append(name, value);
  }
  const { correlationId } = eventIn(message) ?? {};
  if (correlationId !== undefined) kept.append('safelight-correlation-id', oneLine(correlationId));
  kept.append('safelight-dead-reason', oneLine(reason));
  kept.append('safelight-dead-subject', message.subject);
  kept.append('safelight-dead-sequence', String(streamSequence));
  kept.append('safelight-dead-attempts', String(deliveries));
  return kept;
}

/** Header values are single lines of printable ASCII. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, HEADER_TEXT_MAX);
