import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Context, Span } from '@opentelemetry/api';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { newUuid } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { UPLOAD_MAX_BYTES } from '../pictures/picture-intake.js';
import type { Problem } from './problem.js';
import { bodyTooLarge, noImagesHere, uploadTooLarge } from './refusals.js';

/** Room for an inline image of 3.4 MB in base64 and the fields beside it. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024;
const UPLOADS = '/api/v1/uploads';
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
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
export function createHttpAdapter(telemetry: Telemetry): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: (request: IncomingMessage) => requestId(request.headers),
    // Nest's own line per request would say less than the span and the metric do.
    logger: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  observeRequests(fastify, telemetry);
  refuseLargeBodies(fastify);
  acceptImages(fastify);
  return adapter;
}

/**
 * Fastify answers a body that is too large at once and hangs up; a client that is still sending
 * then sees a broken connection in place of the answer.
 */
function refuseLargeBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) return;
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared <= PATIENCE_BYTES) await finished(request.raw.resume()).catch(() => undefined);
    throw refusal;
  });
}

/** What can be told from the headers alone. */
function refusalOf(request: FastifyRequest): Problem | undefined {
  const image = isImage(request);
  if (image && request.routeOptions.url !== UPLOADS) return noImagesHere();
  const declared = Number(request.headers['content-length'] ?? 0);
  if (image) return declared > UPLOAD_MAX_BYTES ? uploadTooLarge() : undefined;
  return declared > BODY_LIMIT_BYTES ? bodyTooLarge() : undefined;
}

const isImage = ({ headers }: FastifyRequest): boolean => {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  return IMAGE_TYPES.includes(type.trim().toLowerCase());
};

/** Images come in as they are, to one route: `refuseLargeBodies` turns them away everywhere else. */
function acceptImages(fastify: FastifyInstance): void {
  const options = { parseAs: 'buffer', bodyLimit: UPLOAD_MAX_BYTES } as const;
  fastify.addContentTypeParser(IMAGE_TYPES, options, (_request, body, done) => done(null, body));
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
