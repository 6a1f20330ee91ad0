import { SpanKind, type Span } from '@opentelemetry/api';
import { newUuid, type Operation } from '@safelight/contracts';
import { DomainError, type MessageContext } from '@safelight/event-sourcing';
import { recordFailure, traceparentOf, type Telemetry } from '@safelight/telemetry';
import type { z } from 'zod';
import type { BusConnection } from './bus.js';
import { currentMessageContext } from './delivery.js';
import { JsonWriter } from './json-writer.js';
import { BusMetrics } from './metrics.js';
import { RequestBox } from './request-box.js';
import { attributesOf } from './scope.js';
import { AnswerFault, Unavailable } from './unavailable.js';
import { labelOf, SERVICE_UNAVAILABLE, type Reply, type WireRequest } from './wire.js';

export interface RequestOptions {
  /** Whose work this is; otherwise that of the delivery being handled, or a new conversation. */
  context?: MessageContext;
  /** How long to wait, in milliseconds; otherwise the operation's own. */
  deadlineMs?: number;
}

/** What is worked out once for an operation. */
interface Known {
  readonly label: string;
  readonly spanName: string;
  readonly json: JsonWriter;
}

const CLIENT = { kind: SpanKind.CLIENT } as const;

/** Asks other services, over core NATS. Nothing is tried twice: the caller knows what is safe. */
export class RequestClient {
  private readonly metrics: BusMetrics;
  private readonly requests: RequestBox;
  /** Weak, because the operations of one worker incarnation come and go. */
  private readonly known = new WeakMap<Operation, Known>();
  private readonly progress = new JsonWriter();

  constructor(
    private readonly bus: BusConnection,
    private readonly telemetry: Telemetry,
  ) {
    this.metrics = new BusMetrics(telemetry);
    this.requests = new RequestBox(bus);
  }

  /**
   * Requests to one subject from one turn of the event loop share a message, and so a process that
   * answers them.
   * @throws DomainError with the answerer's code and details when it refused.
   * @throws Unavailable when nobody answered in time, or the answerer cannot work for now.
   * @throws AnswerFault when the answerer failed or broke its contract.
   */
  async request<Op extends Operation>(
    operation: Op,
    payload: z.input<Op['request']>,
    options: RequestOptions = {},
  ): Promise<z.output<Op['reply']>> {
    const startedMs = performance.now();
    const { label, spanName, json } = this.knownOf(operation);
    const span = this.telemetry.tracer.startSpan(spanName, CLIENT);
    let outcome = 'ok';
    try {
      const { subject, deadlineMs } = operation;
      const request = requestOf(payload, options.context ?? currentMessageContext(), span);
      if (span.isRecording()) span.setAttributes(attributesOf(subject, request.id, request));
      const text = json.write(request);
      const timeoutMs = options.deadlineMs ?? deadlineMs;
      const reply = await this.requests.ask(subject, request.id, text, timeoutMs);
      return read(operation, reply) as z.output<Op['reply']>;
    } catch (error) {
      outcome = outcomeOf(error);
      if (error instanceof DomainError) span.setAttribute('safelight.refusal', error.code);
      else recordFailure(span, error);
      throw error;
    } finally {
      span.end();
      const seconds = (performance.now() - startedMs) / 1000;
      this.metrics.asked.record(seconds, { subject: label, outcome });
    }
  }

  /** Publishes for whoever listens at this moment, over core NATS: may be lost, is never kept. */
  publishProgress(subject: string, data: unknown): void {
    this.bus.publish({ subject, data: this.progress.write(data) });
  }

  private knownOf(operation: Operation): Known {
    const known = this.known.get(operation);
    if (known !== undefined) return known;
    const label = labelOf(operation.subject);
    const fresh = { label, spanName: `ask ${label}`, json: new JsonWriter() };
    this.known.set(operation, fresh);
    return fresh;
  }
}

function requestOf(data: unknown, cause: MessageContext | undefined, span: Span): WireRequest {
  const id = newUuid();
  return {
    id,
    correlationId: cause?.correlationId ?? id,
    causationId: cause?.causationId ?? id,
    traceparent: traceparentOf(span),
    data,
  };
}

function read(operation: Operation, reply: Reply): unknown {
  if ('refusal' in reply) {
    const { code, details } = reply.refusal;
    if (code === SERVICE_UNAVAILABLE) throw new Unavailable(code, operation.subject);
    throw new DomainError(code, details);
  }
  if ('error' in reply) throw new AnswerFault(operation.subject, reply.error.message);
  const parsed = operation.reply.safeParse(reply.ok);
  if (parsed.success) return parsed.data;
  throw new AnswerFault(operation.subject, 'the reply does not fit its schema', {
    cause: parsed.error,
  });
}

function outcomeOf(error: unknown): string {
  if (error instanceof DomainError) return 'refused';
  if (error instanceof Unavailable) return error.code.slice('service.'.length);
  return 'error';
}
