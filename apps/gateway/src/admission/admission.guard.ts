import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { createParamDecorator, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../http/refusals.js';
import { Admission, keyIn } from './admission.js';
import type { Caller, Scope } from './scope.js';

const POLICY = 'safelight:route-policy';
type RoutePolicy = Scope | 'public';

/** This route needs a key with the scope. */
export const Needs = (scope: Scope) => SetMetadata(POLICY, scope satisfies RoutePolicy);

/** This route needs no key. */
export const Public = () => SetMetadata(POLICY, 'public' satisfies RoutePolicy);

const CALLER = Symbol('caller');
type AdmittedRequest = FastifyRequest & { [CALLER]?: Caller };

/** The caller that the guard admitted. */
export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = context.switchToHttp().getRequest<AdmittedRequest>()[CALLER];
  if (caller === undefined) throw new Error('a public route asked who calls');
  return caller;
});

/** Global and deny-by-default: a route that declares no policy answers as if it were not there. */
@Injectable()
export class AdmissionGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Messages over NATS come from our own services; their guard is the bus's own permissions.
    if (context.getType() !== 'http') return true;
    const policy = this.reflector.getAllAndOverride<RoutePolicy | undefined>(POLICY, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (policy === undefined) throw notFound();
    if (policy === 'public') return true;
    const request = context.switchToHttp().getRequest<AdmittedRequest>();
    request[CALLER] = await this.admission.admit(keyIn(request.headers), policy);
    return true;
  }
}
