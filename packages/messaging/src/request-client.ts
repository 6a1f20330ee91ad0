import { SpanKind, type Span } from '@opentelemetry/api';
import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import { newUuid, type Operation } from '@safelight/contracts';
import { DomainError, type MessageContext } from '@safelight/event-sourcing';
import { recordFailure, traceparentOf, type Telemetry } from '@safelight/telemetry';
import type { z } from 'zod';
import type { BusConnection } from './bus.js';
import { currentMessageContext } from './delivery.js';
import { BusMetrics } from './metrics.js';
import { ReplyBox } from './reply-box.js';
import { jobIdOf } from './scope.js';
import { AnswerFault, Unavailable } from './unavailable.js';
import { encodeJson, header, labelOf, SERVICE_UNAVAILABLE, type Reply } from './wire.js';

export interface RequestOptions {
  /** Whose work this is; otherwise that of the delivery being handled, or a new conversation. */
  context?: MessageContext;
  /** How long to wait, in milliseconds; otherwise the operation's own. */
  deadlineMs?: number;
}

/** Asks other services, over core NATS. Nothing is tried twice: the caller knows what is safe. */
export class RequestClient {
  private readonly metrics: BusMetrics;
  private readonly replies: ReplyBox;

  constructor(
    private readonly bus: BusConnection,
    private readonly telemetry: Telemetry,
  ) {
    this.metrics = new BusMetrics(telemetry);
    this.replies = new ReplyBox(bus);
  }

  /**
   * @throws DomainError with the answerer's code and details when it refused.
   * @throws Unavailable when nobody answered in time, or the answerer cannot work for now.
   * @throws AnswerFault when the answerer failed or broke its contract.
   */
  async request<Op extends Operation>(
    operation: Op,
    payload: z.input<Op['request']>,
    options: RequestOptions = {},
  ): Promise<z.output<Op['reply']>> {
    const started = performance.now();
    const label = labelOf(operation.subject);
    const span = this.telemetry.tracer.startSpan(`ask ${label}`, { kind: SpanKind.CLIENT });
    let outcome = 'ok';
    try {
      const reply = await this.exchange(operation, encodeJson(payload), options, span);
      return read(operation, reply) as z.output<Op['reply']>;
    } catch (error) {
      outcome = outcomeOf(error);
      if (error instanceof DomainError) span.setAttribute('safelight.refusal', error.code);
      else recordFailure(span, error);
      throw error;
    } finally {
      span.end();
      this.metrics.asked.record((performance.now() - started) / 1000, { subject: label, outcome });
    }
  }

  /** Publishes for whoever listens at this moment, over core NATS: may be lost, is never kept. */
  publishProgress(subject: string, data: unknown): void {
    if (!this.bus.nc.isClosed()) this.bus.nc.publish(subject, encodeJson(data));
  }

  private exchange(
    { subject, deadlineMs }: Operation,
    body: string,
    options: RequestOptions,
    span: Span,
  ): Promise<Msg> {
    const timeout = options.deadlineMs ?? deadlineMs;
    const hdrs = requestHeaders(options.context ?? currentMessageContext(), timeout, span);
    span.setAttributes({ 'messaging.system': 'nats', 'messaging.destination.name': subject });
    return this.replies.ask(subject, body, hdrs, timeout);
  }
}

function requestHeaders(cause: MessageContext | undefined, timeoutMs: number, span: Span): MsgHdrs {
  const messageId = newUuid();
  const correlationId = cause?.correlationId ?? messageId;
  const hdrs = headers();
  hdrs.append(header.messageId, messageId);
  hdrs.append(header.correlationId, correlationId);
  hdrs.append(header.causationId, cause?.causationId ?? messageId);
  hdrs.append(header.deadline, String(Date.now() + timeoutMs));
  const traceparent = traceparentOf(span);
  if (traceparent !== undefined) hdrs.append(header.traceparent, traceparent);
  span.setAttribute('messaging.message.id', messageId);
  const jobId = jobIdOf(correlationId);
  if (jobId !== undefined) span.setAttribute('safelight.job_id', jobId);
  return hdrs;
}

function read(operation: Operation, message: Msg): unknown {
  let reply: Reply;
  try {
    reply = message.json<Reply>();
  } catch (error) {
    throw new AnswerFault(operation.subject, 'the reply is not JSON', { cause: error });
  }
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
