import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

const MOST_NAMED = 50;

/** Turns away a request with a query, naming each parameter: a typo must not be taken for a filter. */
class NoQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(query as object).slice(0, MOST_NAMED);
    const [first] = names;
    if (first === undefined) return true;
    const message = 'is not a parameter of this request; remove it or check its spelling';
    throw new Problem('VALIDATION_ERROR', `?${first} ${message}`, {
      errors: names.map((name) => ({ pointer: `?${name}`, message })),
    });
  }
}

/** This route takes no query parameters. */
export const NoQuery = () => UseGuards(new NoQueryGuard());
