import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Context, Span } from '@opentelemetry/api';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { newUuid } from '@safelight/contracts';
import type { Telemetry } from '@safelight/telemetry';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptForms, FORM_MAX_BYTES, isForm, isFormHere } from '../dialects/images/form.js';
import { wordingFor } from '../dialects/wording.js';
import { ConnectionFaults } from './connection-faults.js';
import { holdContinue, isExpecting } from './continue.js';
import { allowOrigins } from './cors.js';
import { readJson } from './json/read-json.js';
import type { KnowsKey } from '../admission/known-keys.js';
import { refusalOfStrangers } from '../admission/known-keys.js';
import { isPaymentEvent, isTooLargeAnEvent } from '../payments/payment-event-body.js';
import { UPLOAD_MAX_BYTES } from '../pictures/picture-intake.js';
import type { Problem } from './problem.js';
import { bodyTooLarge, noFormsHere, noImagesHere, notFound, uploadTooLarge } from './refusals.js';
import { badEncoding, pathOfTarget, refuseUnsoundRequests } from './requests.js';
import { securityHeaders, setSecurityHeaders } from './security-headers.js';
import { takeTurns } from './turns.js';
import { problemOfFaults } from './validation.js';

/** Room for an inline image of 3.4 MB in base64 and the fields beside it. */
const BODY_LIMIT_BYTES = 6 * 1024 * 1024;
/** Longer than an idempotency key with each of its characters encoded, and than any id. */
const PARAMETER_MAX = 1024;
const HEADERS_BYTES_MAX = 16 * 1024;

/** How long a client may take; enforced to `checkEveryMs`. All in milliseconds. */
export interface Patience {
  readonly headersMs: number;
  /** For headers and body together. */
  readonly requestMs: number;
  /** Longer than load balancers keep a connection, so that none is closed under a request of theirs. */
  readonly keepAliveMs: number;
  readonly checkEveryMs: number;
}

const patienceByDefault: Patience = {
  headersMs: 10_000,
  requestMs: 30_000,
  keepAliveMs: 75_000,
  checkEveryMs: 2_000,
};

export interface HttpOptions {
  /** Origins of web pages that may call the API from a browser. */
  readonly corsOrigins?: readonly string[];
  /** Clients come by https. */
  readonly overTls?: boolean;
  /** Whose word is taken for the address of a client: addresses and ranges, with commas between. */
  readonly trustedProxies?: string | undefined;
  readonly patience?: Partial<Patience>;
  /** Asked before a large body is read; without it every key that is well-formed may send one. */
  readonly knowsKey?: KnowsKey;
  /** Requests after which a connection is closed. */
  readonly requestsPerConnection?: number;
}

const UPLOADS = '/api/v1/uploads';
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
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

/**
 * Fastify as the gateway wants it: limits, timeouts, request ids, what browsers are told, and one
 * server span for each request. Nest must not add body parsers of its own (`bodyParser: false`).
 */
export function createHttpAdapter(telemetry: Telemetry, options: HttpOptions = {}): FastifyAdapter {
  const faults = new ConnectionFaults();
  const adapter = new FastifyAdapter({
    ...serverOptions({ ...patienceByDefault, ...options.patience }),
    trustProxy: options.trustedProxies ?? false,
    clientErrorHandler: (error, socket) => faults.answer(error, socket),
    frameworkErrors,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  faults.watch(fastify.server);
  takeTurns(fastify, options.requestsPerConnection);
  setSecurityHeaders(fastify, options.overTls ?? false);
  observeRequests(fastify, telemetry);
  allowOrigins(fastify, options.corsOrigins ?? []);
  refuseUnsoundRequests(fastify);
  refuseLargeBodies(fastify, options.knowsKey ?? (() => Promise.resolve(true)));
  readJsonBodies(fastify);
  acceptImages(fastify);
  acceptForms(fastify);
  return adapter;
}

const serverOptions = (patience: Patience) => ({
  bodyLimit: BODY_LIMIT_BYTES,
  requestTimeout: patience.requestMs,
  keepAliveTimeout: patience.keepAliveMs,
  routerOptions: { maxParamLength: PARAMETER_MAX },
  http: {
    headersTimeout: patience.headersMs,
    connectionsCheckingInterval: patience.checkEveryMs,
    maxHeaderSize: HEADERS_BYTES_MAX,
    insecureHTTPParser: false,
    // Asked for by a hook, which answers with a problem document.
    requireHostHeader: false,
  },
  // While it drains a gateway serves whatever still reaches it.
  return503OnClosing: false,
  rewriteUrl: pathOfTarget,
  genReqId: (request: IncomingMessage) => requestId(request.headers),
  // Nest's own line per request would say less than the span and the metric do.
  logger: false as const,
});

/** Faults that the router finds, before any hook runs. */
function frameworkErrors(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  // A parameter that is longer than any id can be names nothing.
  const problem = error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? notFound() : badEncoding();
  const { status, headers, body } = wordingFor(request.url)(problem, request);
  void reply
    .status(status)
    .headers({ ...securityHeaders, ...headers, 'x-request-id': request.id })
    .send(JSON.stringify(body));
}

/** JSON is the only form in which a body is read unless a route brings a parser of its own. */
function readJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      if (isPaymentEvent(request)) {
        done(isTooLargeAnEvent(bytes.length) ? bodyTooLarge() : null, bytes);
        return;
      }
      const { value, faults } = readJson(bytes);
      done(faults === undefined ? null : problemOfFaults(faults), value);
    },
  );
}

/**
 * Fastify answers a body that is too large at once and hangs up; a client that is still sending
 * then sees a broken connection in place of the answer. Who brings no key, or none that opens anything,
 * is answered at once, so that nobody waits for a body of theirs; the connection stays, and Node throws
 * the rest away.
 */
function refuseLargeBodies(fastify: FastifyInstance, knowsKey: KnowsKey): void {
  const letGoOn = holdContinue(fastify.server);
  fastify.addHook('onRequest', async (request, { raw }) => {
    const refusal =
      (bringsLarge(request) ? await refusalOfStrangers(request.headers, knowsKey) : undefined) ??
      refusalOf(request);
    if (refusal === undefined) {
      letGoOn(request.raw, raw);
      return;
    }
    const declared = Number(request.headers['content-length'] ?? 0);
    const isAtOnce = refusal.code === 'UNAUTHORIZED' || isExpecting(request);
    if (!isAtOnce && declared <= PATIENCE_BYTES)
      await finished(request.raw.resume()).catch(() => undefined);
    throw refusal;
  });
}

/** What can be told from the headers alone. */
function refusalOf(request: FastifyRequest): Problem | undefined {
  const declared = Number(request.headers['content-length'] ?? 0);
  // No body is read there: what it would be does not matter.
  const isRead = request.method !== 'GET' && request.method !== 'HEAD';
  if (isRead && isImage(request)) {
    if (request.routeOptions.url !== UPLOADS) return noImagesHere();
    return declared > UPLOAD_MAX_BYTES ? uploadTooLarge() : undefined;
  }
  if (isRead && isForm(request.headers['content-type'])) {
    if (!isFormHere(request)) return noFormsHere();
    return declared > FORM_MAX_BYTES ? bodyTooLarge() : undefined;
  }
  if (isPaymentEvent(request) && isTooLargeAnEvent(declared)) return bodyTooLarge();
  return declared > BODY_LIMIT_BYTES ? bodyTooLarge() : undefined;
}

const bringsLarge = (request: FastifyRequest): boolean =>
  request.method === 'POST' && (request.routeOptions.url === UPLOADS || isFormHere(request));

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
