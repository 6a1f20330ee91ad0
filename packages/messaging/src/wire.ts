import type { z } from 'zod';

/** Header names. All lower case: NATS compares them letter by letter. */
export const header = {
  messageId: 'safelight-message-id',
  correlationId: 'safelight-correlation-id',
  causationId: 'safelight-causation-id',
  deadline: 'safelight-deadline',
  traceparent: 'traceparent',
  natsMessageId: 'Nats-Msg-Id',
} as const;

/** What a requester gets back. */
export type Reply =
  | { ok: unknown }
  | { refusal: { code: string; details: Record<string, unknown> } }
  | { error: { message: string } };

/** An event as it lies in a JetStream stream. */
export interface WireEvent {
  id: string;
  key: string;
  recordedAt: string;
  data: unknown;
}

/** JSON in which a `bigint` is a decimal string. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'bigint' ? item.toString() : item,
  );
}

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
