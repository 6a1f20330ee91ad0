import type { Msg } from '@nats-io/transport-node';
import type { MessageContext } from '@safelight/event-sourcing';
import type { z } from 'zod';

/** The header by which JetStream knows an event that it has already. */
export const NATS_MESSAGE_ID = 'Nats-Msg-Id';

/**
 * A request as it travels. What belongs to a message is in its body, not in headers: one JSON text
 * costs a third of what five headers do.
 */
export interface WireRequest extends MessageContext {
  readonly id: string;
  readonly data: unknown;
}

/** The message that carries requests: those to one subject from one turn of the asker's loop. */
export interface WireRequests {
  /**
   * How long the asker still waits, in milliseconds from the arrival on. A duration, because the
   * clocks of two machines agree on nothing else.
   */
  readonly patienceMs: number;
  readonly requests: readonly WireRequest[];
}

/** What a requester gets back. */
export type Reply =
  | { ok: unknown }
  | { refusal: { code: string; details: Record<string, unknown> } }
  | { error: { message: string } };

/** A reply as it travels, in a list; a bare `Reply` is for all the requests of a message. */
export type WireReply = Reply & { id: string };

/** An event as it lies in a JetStream stream. */
export interface WireEvent extends Partial<MessageContext> {
  readonly id: string;
  readonly key: string;
  readonly recordedAt: string;
  readonly data: unknown;
}

/** The value in a message, `undefined` when it is not JSON. */
export function jsonIn(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

/** The requests in a message, `undefined` when it holds something else. */
export function requestsIn(message: Msg): WireRequests | undefined {
  const found = jsonIn(message) as Partial<WireRequests> | null | undefined;
  const { patienceMs, requests } = found ?? {};
  if (typeof patienceMs !== 'number' || !Array.isArray(requests)) return undefined;
  return requests.every(isRequest) ? { patienceMs, requests } : undefined;
}

function isRequest(value: unknown): value is WireRequest {
  const { id, correlationId, traceparent } = (value ?? {}) as Partial<WireRequest>;
  return (
    typeof id === 'string' && typeof correlationId === 'string' && isTextOrNothing(traceparent)
  );
}

/** The replies in a message, or the one for all its requests; `undefined` for something else. */
export function repliesIn(message: Msg): readonly WireReply[] | Reply | undefined {
  const found = jsonIn(message);
  if (Array.isArray(found)) return found.every(isObject) ? (found as WireReply[]) : undefined;
  return isObject(found) ? (found as Reply) : undefined;
}

/** The event in a message, `undefined` when it is none. */
export function eventIn(message: Msg): WireEvent | undefined {
  const event = jsonIn(message) as Partial<WireEvent> | null | undefined;
  const { id, key, recordedAt, correlationId, traceparent } = event ?? {};
  const complete =
    typeof id === 'string' &&
    typeof key === 'string' &&
    typeof recordedAt === 'string' &&
    isTextOrNothing(correlationId) &&
    isTextOrNothing(traceparent);
  return complete ? (event as WireEvent) : undefined;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isTextOrNothing = (value: unknown): boolean =>
  value === undefined || typeof value === 'string';

/** The refusal of a payload that does not fit its schema. */
export const MESSAGE_INVALID = 'message.invalid';
/** The refusal of a service that cannot work for now: its database or a neighbour is away. */
export const SERVICE_UNAVAILABLE = 'service.unavailable';

/** Where the first fault of a payload is (JSON pointer, RFC 6901) and what it is. */
export function faultOf(error: z.core.$ZodError): { pointer: string; message: string } {
  const [issue] = error.issues;
  if (issue === undefined) return { pointer: '', message: 'does not fit its schema' };
  const steps = issue.path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  return { pointer: steps.map((step) => `/${step}`).join(''), message: issue.message };
}

/**
 * A subject as a label of few values: the address of one worker incarnation
 * (`safelight.ask.worker.<incarnation>.assign.v1`) loses what makes it unique.
 */
export function labelOf(subject: string): string {
  const steps = subject.split('.');
  return steps.length === 6 && steps[1] === 'ask'
    ? [...steps.slice(0, 3), '*', ...steps.slice(4)].join('.')
    : subject;
}
