import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { Operation, PublicEvent } from '@safelight/contracts';
import { throwError, type Observable } from 'rxjs';

/** Handlers of this transport only: another strategy in the same application leaves them alone. */
export const SAFELIGHT_TRANSPORT = Symbol('safelight');

/** What a decorator leaves for the server to find. */
export interface AnswerExtras {
  readonly operation: Operation;
}
export interface EventExtras {
  readonly event: PublicEvent;
  readonly durable: string;
}

/**
 * Nest replaces what a handler throws with an "internal server error" of its own unless a filter
 * claims it. The server decides what a failure means, so it needs the original.
 */
@Catch()
class PassThrough implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

const passThrough = UseFilters(new PassThrough());

/**
 * Answers an operation. The first argument is the request as the operation's schema parses it, the
 * second a `Delivery`. A `DomainError` becomes a refusal, anything else an internal error.
 */
export function Answers(operation: Operation): MethodDecorator {
  const extras: AnswerExtras = { operation };
  return handling(MessagePattern(operation.subject, SAFELIGHT_TRANSPORT, extras));
}

/**
 * Handles a public event for a durable of the topology. The first argument is the event's data, the
 * second a `Delivery`. The event is acknowledged once the method (and an Observable it returns) is
 * done. It may arrive more than once: the effect must be written together with the inbox.
 */
export function Handles(event: PublicEvent, durable: string): MethodDecorator {
  const extras: EventExtras = { event, durable };
  // The same event may have a handler per durable, so the durable is part of the pattern.
  const pattern = EventPattern(`${durable} ${event.subject}`, SAFELIGHT_TRANSPORT, extras);
  return handling(pattern as MethodDecorator);
}

function handling(pattern: MethodDecorator): MethodDecorator {
  return (target, name, descriptor) => {
    passThrough(target, name, descriptor as TypedPropertyDescriptor<unknown>);
    // Left to itself, Nest gives a handler its payload alone.
    Payload()(target, name, 0);
    Ctx()(target, name, 1);
    return pattern(target, name, descriptor);
  };
}
