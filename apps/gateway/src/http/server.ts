import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Context, Span } from '@opentelemetry/api';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { newUuid } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bodyTooLarge } from './refusals.js';

/** Room for an inline image of 3.4 MB in base64 and the fields beside it. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const REQUEST_ID_SHAPE = /^[\w.-]{1,128}$/;

const SPAN = Symbol('span');
type TracedRequest = FastifyRequest & { [SPAN]?: Span };

/** A body up to this size is read and thrown away, so that its sender gets to read the refusal. */
const PATIENCE_BYTES = 64 * 1024 * 1024;

/** A client's own request id if it is one, else a new one; it stands in every answer and log line. */
function requestId(headers: Readonly<Record<string, string | string[] | undefined>>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID_SHAPE.test(given) ? given : newUuid();
}

/** Fastify as the gateway wants it: limits, request ids, and one server span for each request. */
export function createHttpAdapter(telemetry: Telemetry, trustedProxies?: string): FastifyAdapter {
  const adapter = new FastifyAdapter({
    // Whose word is taken for the address of a client; nobody's unless told.
    trustProxy: trustedProxies ?? false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: (request: IncomingMessage) => requestId(request.headers),
    // Nest's own line per request would say less than the span and the metric do.
    logger: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  observeRequests(fastify, telemetry);
  refuseLargeBodies(fastify);
  return adapter;
}

/**
 * Fastify answers a body that is too large at once and hangs up; a client that is still sending
 * then sees a broken connection in place of the answer.
 */
function refuseLargeBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared <= BODY_LIMIT_BYTES) return;
    if (declared <= PATIENCE_BYTES) await finished(request.raw.resume()).catch(() => undefined);
    throw bodyTooLarge();
  });
}

function observeRequests(fastify: FastifyInstance, telemetry: Telemetry): void {
  const durations = telemetry.meter.createHistogram('http_server_request_duration_seconds', {
    description: 'Time from the first byte of a request to the last of its answer',
    unit: 's',
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const parent = propagation.extract(context.active(), request.headers);
    const span = startSpan(telemetry, request, parent);
    (request as TracedRequest)[SPAN] = span;
    void reply.header('x-request-id', request.id).header('trace-id', span.spanContext().traceId);
    context.with(trace.setSpan(parent, span), done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = (request as TracedRequest)[SPAN];
    span?.setAttribute('http.response.status_code', reply.statusCode);
    if (reply.statusCode >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
    durations.record(reply.elapsedTime / 1000, {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
    });
    done();
  });
}

function startSpan(telemetry: Telemetry, request: FastifyRequest, parent: Context): Span {
  const route = request.routeOptions.url ?? 'none';
  return telemetry.tracer.startSpan(
    `${request.method} ${route}`,
    {
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': request.method,
        'http.route': route,
        'safelight.request_id': request.id,
      },
    },
    parent,
  );
}
