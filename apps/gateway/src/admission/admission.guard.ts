import { hash } from 'node:crypto';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { createParamDecorator, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { RouteAccess } from '@safelight/contracts';
import { newId } from '@safelight/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TEST_OUTCOME_HEADER } from '../jobs/test-mode.js';
import { notFound } from '../http/refusals.js';
import { TEST_KEY_PREFIX } from '../keys/api-key.js';
import type { IdempotencyClaim, LimitState } from './admission.js';
import { Admission } from './admission.js';
import { idempotencyKeyIn, keyIn } from './credentials.js';
import type { Caller, Scope } from './scope.js';

const POLICY = 'safelight:route-policy';

/** What a route asks of those who call it; the registry of the API says the same of it. */
export type RoutePolicy = RouteAccess;
export type RouteNeeds = Exclude<RouteAccess, 'public'>;

/** This route needs a key with the scope. */
export const Needs = (scope: Scope, more: Partial<Omit<RouteNeeds, 'scope'>> = {}) =>
  SetMetadata(POLICY, {
    scope,
    budget: more.budget ?? 'call',
    makesJob: more.makesJob ?? false,
  } satisfies RoutePolicy);

/** This route needs no key. */
export const Public = () => SetMetadata(POLICY, 'public' satisfies RoutePolicy);

/** What the route declares, itself or with its whole controller. */
export const policyOf = (handler: Handler, controller: Handler): RoutePolicy | undefined =>
  new Reflector().getAllAndOverride<RoutePolicy | undefined>(POLICY, [handler, controller]);
type Handler = Parameters<Reflector['get']>[1];

const ADMITTED = Symbol('admitted');

/** What the guard learnt of a request that it let in. */
export interface AdmittedRequest {
  readonly caller: Caller;
  /** For routes that make a job: its id, the same for every repetition of the request. */
  readonly jobId: string | null;
  readonly claim: IdempotencyClaim | null;
  /** Another gateway began with this request and did not answer it: its job may be there. */
  readonly takenOver: boolean;
  /** It is sure that there is no job, although the answer says that it was no fault of the sender's. */
  refusedForSure?: boolean;
}

type GuardedRequest = FastifyRequest & { [ADMITTED]?: AdmittedRequest };

/** What the guard learnt; `undefined` for public routes and for requests that it turned away. */
export const admittedOf = (request: FastifyRequest): AdmittedRequest | undefined =>
  (request as GuardedRequest)[ADMITTED];

function admittedIn(context: ExecutionContext): AdmittedRequest {
  const admitted = admittedOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (admitted === undefined) throw new Error('a public route asked who calls');
  return admitted;
}

/** The caller that the guard admitted. */
export const TheCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller => admittedIn(context).caller,
);

/** The id of the job that this request makes. */
export const TheNewJob = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const { jobId } = admittedIn(context);
  if (jobId === null) throw new Error('a route that makes no job asked for its id');
  return jobId;
});

/**
 * Global and deny-by-default: a route that declares no policy stops the boot (`checkRoutes`), and
 * would answer as if it were not there.
 */
@Injectable()
export class AdmissionGuard implements CanActivate {
  constructor(@Inject(Admission) private readonly admission: Admission) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Messages over NATS come from our own services; their guard is the bus's own permissions.
    if (context.getType() !== 'http') return true;
    const policy = policyOf(context.getHandler(), context.getClass());
    if (policy === undefined) throw notFound();
    if (policy === 'public') return true;
    const http = context.switchToHttp();
    await this.admit(policy, http.getRequest<GuardedRequest>(), http.getResponse<FastifyReply>());
    return true;
  }

  private async admit(
    { scope, budget, makesJob }: RouteNeeds,
    request: GuardedRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const claim = claimIn(request);
    const knock = {
      apiKey: keyIn(request.headers),
      jobId: makesJob ? newId('job') : null,
      ...{ scope, budget, idempotency: claim },
    };
    const { caller, jobId } = await this.admission.admit(knock, (limits) => {
      void reply.headers(limitHeaders(limits));
    });
    request[ADMITTED] = { caller, jobId, claim, takenOver: jobId !== knock.jobId };
  }
}

const limitHeaders = ({ limit, remaining, resetSeconds }: LimitState) => ({
  'x-ratelimit-limit': limit,
  'x-ratelimit-remaining': remaining,
  'x-ratelimit-reset': resetSeconds,
});

/** The idempotency key of a POST, and what makes the request the same as another. */
function claimIn(request: FastifyRequest): IdempotencyClaim | null {
  const key = request.method === 'POST' ? idempotencyKeyIn(request.headers) : undefined;
  if (key === undefined) return null;
  const [path = ''] = request.url.split('?');
  const { body } = request;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? null));
  const sameness = Buffer.concat([bytes, Buffer.from(testModeIn(request))]);
  return {
    key,
    route: `POST ${path}`,
    fingerprint: Buffer.from(hash('sha256', sameness, 'hex'), 'hex'),
  };
}

/** With a test key it is another request, and a header says what is to become of its job. */
function testModeIn({ headers }: FastifyRequest): string {
  if (keyIn(headers)?.startsWith(TEST_KEY_PREFIX) !== true) return '';
  return `test ${String(headers[TEST_OUTCOME_HEADER] ?? '')}`;
}
