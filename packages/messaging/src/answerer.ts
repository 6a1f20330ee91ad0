import { SpanKind } from '@opentelemetry/api';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { Operation } from '@safelight/contracts';
import { DomainError, type RefusalDetails } from '@safelight/event-sourcing';
import { recordFailure } from '@safelight/telemetry';
import { finishSubscription } from './bus.js';
import { resultOf, type Handler, type Surroundings } from './handler.js';
import { JsonWriter } from './json-writer.js';
import { ReplyBundle } from './reply-bundle.js';
import { openScope, type Scope } from './scope.js';
import { Unavailable } from './unavailable.js';
import {
  faultOf,
  labelOf,
  MESSAGE_INVALID,
  requestsIn,
  SERVICE_UNAVAILABLE,
  type Reply,
  type WireReply,
  type WireRequest,
} from './wire.js';

type Outcome = 'ok' | 'refused' | 'invalid' | 'unavailable' | 'error' | 'expired';

/** Where some requests came from: one message. */
interface Arrived {
  readonly atMs: number;
  readonly patienceMs: number;
  readonly replies: ReplyBundle;
}

/** Answers one operation: every request to its subject, any number at a time. */
export class Answerer {
  private readonly spanName: string;
  private readonly labels: Readonly<Record<Outcome, { subject: string; outcome: Outcome }>>;
  private readonly json = new JsonWriter();
  private inFlight = 0;
  private idle: (() => void) | undefined;
  private subscription: Subscription | undefined;

  constructor(
    private readonly on: Surroundings,
    private readonly operation: Operation,
    private readonly handler: Handler,
  ) {
    const subject = labelOf(operation.subject);
    const labelled = <O extends Outcome>(outcome: O) => ({ subject, outcome });
    this.spanName = `answer ${subject}`;
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
        if (error === null) this.receive(message);
        else this.log(error, 'subscription failed');
      },
    });
  }

  /** Takes no more requests and waits until those at hand are answered. */
  async stop(): Promise<void> {
    if (this.subscription !== undefined) await finishSubscription(this.on.bus, this.subscription);
    if (this.inFlight > 0) await new Promise<void>((resolve) => (this.idle = resolve));
  }

  private receive(message: Msg): void {
    const atMs = this.on.now();
    const replies = new ReplyBundle(this.on.bus, message.reply ?? '', (error) => {
      this.log(error, 'a reply could not be sent');
    });
    const found = requestsIn(message);
    if (found === undefined) {
      const details = { pointer: '', message: 'not requests in JSON' };
      const reply: Reply = { refusal: { code: MESSAGE_INVALID, details } };
      replies.addForAll(this.json.write(reply));
      this.count('invalid', atMs);
      return;
    }
    const arrived = { atMs, patienceMs: found.patienceMs, replies };
    for (const request of found.requests) void this.serve(request, arrived);
  }

  private async serve(request: WireRequest, arrived: Arrived): Promise<void> {
    this.inFlight += 1;
    try {
      this.count(await this.answer(request, arrived), arrived.atMs);
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) this.idle?.();
    }
  }

  private count(outcome: Outcome, sinceMs: number): void {
    this.on.metrics.answered.record((this.on.now() - sinceMs) / 1000, this.labels[outcome]);
  }

  private async answer(request: WireRequest, arrived: Arrived): Promise<Outcome> {
    // Nobody waits for this any more: doing it would only make the next ones late.
    if (this.on.now() - arrived.atMs >= arrived.patienceMs) return 'expired';
    const { id: messageId, correlationId, traceparent } = request;
    const scope = openScope(this.on.telemetry.tracer, {
      spanName: this.spanName,
      kind: SpanKind.SERVER,
      subject: this.operation.subject,
      messageId,
      correlationId,
      traceparent,
    });
    try {
      const [outcome, reply] = await scope.run(() => this.handle(request, scope));
      arrived.replies.add(reply);
      return outcome;
    } finally {
      scope.span.end();
    }
  }

  private async handle(request: WireRequest, scope: Scope): Promise<[Outcome, string]> {
    const { id } = request;
    try {
      const parsed = this.operation.request.safeParse(request.data);
      if (!parsed.success) {
        return ['invalid', this.refusal(id, MESSAGE_INVALID, faultOf(parsed.error))];
      }
      const delivery = {
        messageId: id,
        key: request.correlationId,
        subject: this.operation.subject,
        context: scope.message,
        attempt: 1,
      };
      const result = await resultOf(this.handler(parsed.data, delivery));
      const reply: WireReply = { id, ok: this.operation.reply.parse(result) };
      return ['ok', this.json.write(reply)];
    } catch (error) {
      return this.failure(id, error, scope);
    }
  }

  private failure(id: string, error: unknown, scope: Scope): [Outcome, string] {
    if (error instanceof DomainError) {
      scope.span.setAttribute('safelight.refusal', error.code);
      return ['refused', this.refusal(id, error.code, error.details)];
    }
    recordFailure(scope.span, error);
    if (error instanceof Unavailable || this.on.isUnavailable(error)) {
      const fields = { err: error, subject: this.operation.subject };
      this.on.telemetry.logger.warn(fields, 'a request had to be turned away');
      return ['unavailable', this.refusal(id, SERVICE_UNAVAILABLE, {})];
    }
    this.log(error, 'a request failed');
    // What went wrong stays in our log: it may hold what is not the asker's to know.
    const reply: WireReply = { id, error: { message: 'internal error' } };
    return ['error', this.json.write(reply)];
  }

  private refusal(id: string, code: string, details: RefusalDetails): string {
    const reply: WireReply = { id, refusal: { code, details } };
    return this.json.write(reply);
  }

  private log(error: unknown, what: string): void {
    this.on.telemetry.logger.error({ err: error, subject: this.operation.subject }, what);
  }
}
