import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { ApiRoute } from '@safelight/contracts';
import { apiRoutes } from '@safelight/contracts';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';
import { registryPath } from './route-inventory.js';

const MOST_NAMED = 50;
/** Stands in a parameter's name for one that clients choose: `metadata.<name>`. */
const OWN_NAME = /<\w+>$/;

/** Whether a route takes a parameter of this name, and the names that it does take. */
interface Parameters {
  readonly names: readonly string[];
  readonly prefixes: readonly string[];
}

/** By `METHOD /path`; routes that pass unknown parameters over are not in it. */
const parameters: ReadonlyMap<string, Parameters> = new Map(
  apiRoutes
    .filter(({ openQuery = false }) => !openQuery)
    .map((route) => [`${route.method} ${route.path}`, parametersOf(route)]),
);

function parametersOf({ query }: ApiRoute): Parameters {
  const names = Object.keys(query?.shape ?? {});
  const prefixes = names.filter((name) => OWN_NAME.test(name));
  return { names, prefixes: prefixes.map((name) => name.replace(OWN_NAME, '')) };
}

/**
 * Global: turns away a request with a parameter that its route does not have, naming each, since a
 * typo must not be taken for a filter that was heard. What a route has stands in the registry. Comes
 * after the guard of admission, so that a stranger learns nothing.
 */
@Injectable()
export class KnownQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const { method, routeOptions, query } = context.switchToHttp().getRequest<FastifyRequest>();
    const path = registryPath(routeOptions.url ?? '');
    const known = parameters.get(`${method === 'HEAD' ? 'GET' : method} ${path}`);
    if (known === undefined) return true;
    const unknown = Object.keys(query as object).filter((name) => !isKnown(known, name));
    if (unknown.length > 0) throw unknownParameters(unknown.slice(0, MOST_NAMED), known);
    return true;
  }
}

const isKnown = ({ names, prefixes }: Parameters, name: string): boolean =>
  names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));

function unknownParameters(unknown: readonly string[], { names }: Parameters): Problem {
  const remedy =
    names.length === 0 ? 'which takes none; remove it' : `which takes ${names.join(', ')}`;
  const message = `is not a parameter of this request, ${remedy}`;
  return new Problem('VALIDATION_ERROR', `?${unknown[0]} ${message}`, {
    errors: unknown.map((name) => ({ pointer: `?${name}`, message })),
  });
}
