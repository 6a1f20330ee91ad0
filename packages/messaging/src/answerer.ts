import { SpanKind } from '@opentelemetry/api';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { newUuid, type Operation } from '@safelight/contracts';
import { DomainError } from '@safelight/event-sourcing';
import { recordFailure } from '@safelight/telemetry';
import { finishSubscription } from './bus.js';
import { resultOf, type Handler, type Surroundings } from './handler.js';
import { openScope, type Scope } from './scope.js';
import { Unavailable } from './unavailable.js';
import {
  encodeJson,
  faultOf,
  header,
  labelOf,
  MESSAGE_INVALID,
  SERVICE_UNAVAILABLE,
  type Reply,
} from './wire.js';

type Outcome = 'ok' | 'refused' | 'invalid' | 'unavailable' | 'error' | 'expired';

/** Answers one operation: every request to its subject, any number at a time. */
export class Answerer {
  private readonly label: string;
  private readonly labels: Readonly<Record<Outcome, { subject: string; outcome: Outcome }>>;
  private readonly inFlight = new Set<Promise<void>>();
  private subscription: Subscription | undefined;

  constructor(
    private readonly on: Surroundings,
    private readonly operation: Operation,
    private readonly handler: Handler,
  ) {
    const subject = labelOf(operation.subject);
    const labelled = <O extends Outcome>(outcome: O) => ({ subject, outcome });
    this.label = subject;
    this.labels = {
      ok: labelled('ok'),
      refused: labelled('refused'),
      invalid: labelled('invalid'),
      unavailable: labelled('unavailable'),
      error: labelled('error'),
      expired: labelled('expired'),
    };
  }

  /** Starts to answer; requests are shared among all processes of the service. */
  start(): void {
    this.subscription = this.on.bus.nc.subscribe(this.operation.subject, {
      queue: this.on.service,
      callback: (error, message) => {
        if (error !== null) {
          const fields = { err: error, subject: this.operation.subject };
          this.on.telemetry.logger.error(fields, 'subscription failed');
          return;
        }
        const work = this.serve(message).finally(() => this.inFlight.delete(work));
        this.inFlight.add(work);
      },
    });
  }

  /** Takes no more requests and waits until those at hand are answered. */
  async stop(): Promise<void> {
    if (this.subscription !== undefined) await finishSubscription(this.on.bus, this.subscription);
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  private async serve(message: Msg): Promise<void> {
    const started = performance.now();
    const outcome = await this.answer(message);
    const seconds = (performance.now() - started) / 1000;
    this.on.metrics.answered.record(seconds, this.labels[outcome]);
  }

  private async answer(message: Msg): Promise<Outcome> {
    const headers = message.headers;
    const deadline = headers?.get(header.deadline) ?? '';
    // Nobody waits for this any more: doing it would only make the next ones late.
    if (deadline !== '' && Number(deadline) <= Date.now()) return 'expired';
    const messageId = headers?.get(header.messageId) || newUuid();
    const scope = openScope(this.on.telemetry.tracer, {
      spanName: `answer ${this.label}`,
      kind: SpanKind.SERVER,
      subject: this.operation.subject,
      messageId,
      correlationId: headers?.get(header.correlationId) || messageId,
      traceparent: headers?.get(header.traceparent),
    });
    try {
      const [outcome, reply] = await scope.run(() => this.handle(message, messageId, scope));
      this.respond(message, reply);
      return outcome;
    } finally {
      scope.span.end();
    }
  }

  private async handle(message: Msg, messageId: string, scope: Scope): Promise<[Outcome, string]> {
    try {
      const request = this.operation.request.safeParse(parse(message));
      if (!request.success) {
        const details = faultOf(request.error);
        return ['invalid', encodeJson(refusal(MESSAGE_INVALID, details))];
      }
      const delivery = {
        messageId,
        key: scope.message.correlationId,
        subject: this.operation.subject,
        context: scope.message,
        attempt: 1,
      };
      const result = await resultOf(this.handler(request.data, delivery));
      return ['ok', encodeJson({ ok: this.operation.reply.parse(result) } satisfies Reply)];
    } catch (error) {
      return this.failure(error, scope);
    }
  }

  private failure(error: unknown, scope: Scope): [Outcome, string] {
    if (error instanceof DomainError) {
      scope.span.setAttribute('safelight.refusal', error.code);
      return ['refused', encodeJson(refusal(error.code, error.details))];
    }
    recordFailure(scope.span, error);
    const fields = { err: error, subject: this.operation.subject };
    if (error instanceof Unavailable || this.on.isUnavailable(error)) {
      this.on.telemetry.logger.warn(fields, 'a request had to be turned away');
      return ['unavailable', encodeJson(refusal(SERVICE_UNAVAILABLE, {}))];
    }
    this.on.telemetry.logger.error(fields, 'a request failed');
    // What went wrong stays in our log: it may hold what is not the asker's to know.
    const reply: Reply = { error: { message: 'internal error' } };
    return ['error', encodeJson(reply)];
  }

  private respond(message: Msg, reply: string): void {
    // Without a reply subject nobody waits for the answer.
    if (message.reply === undefined) return;
    this.on.bus.publish({ subject: message.reply, data: reply }, (error) => {
      const fields = { err: error, subject: this.operation.subject };
      this.on.telemetry.logger.error(fields, 'a reply could not be sent');
    });
  }
}

const refusal = (code: string, details: Readonly<Record<string, unknown>>): Reply => ({
  refusal: { code, details },
});

/** The payload; what is not JSON gives `undefined`, which no schema of ours accepts. */
function parse(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
