import type { z } from 'zod';

/** A question or command that one service answers at once, over core NATS request/reply. */
export interface Operation<
  Request extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** `safelight.ask.<service>.<operation>.v1` */
  readonly subject: string;
  readonly request: Request;
  readonly reply: Reply;
  /** How long the asker waits, in milliseconds. */
  readonly deadlineMs: number;
}

/** A fact that others act on: published from an outbox on a JetStream stream. */
export interface PublicEvent<Data extends z.ZodType = z.ZodType> {
  /** `safelight.<service>.<event>.v1` */
  readonly subject: string;
  readonly data: Data;
}

/** Declares an operation. `name` is `<service>.<operation>`. */
export function operation<Request extends z.ZodType, Reply extends z.ZodType>(
  name: string,
  request: Request,
  reply: Reply,
  deadlineMs = 2_000,
): Operation<Request, Reply> {
  return { subject: `safelight.ask.${name}.v1`, request, reply, deadlineMs };
}

/** Declares a public event. `name` is `<service>.<event>`. */
export function publicEvent<Data extends z.ZodType>(name: string, data: Data): PublicEvent<Data> {
  return { subject: `safelight.${name}.v1`, data };
}
