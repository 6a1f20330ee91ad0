import type { INestApplicationContext } from '@nestjs/common';
import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { ApiRoute } from '@safelight/contracts';
import { apiRoutes } from '@safelight/contracts';
import type { FastifyInstance } from 'fastify';
import type { RoutePolicy } from '../admission/admission.guard.js';
import { policyOf } from '../admission/admission.guard.js';

/** A route of a controller. */
export interface DeclaredRoute {
  readonly method: string;
  /** In the registry's form, `/api/v1/jobs/{id}`. */
  readonly path: string;
  readonly policy: RoutePolicy | undefined;
}

/** `METHOD /path` of everything that is registered with Fastify from now on, by whomever. */
export function watchRoutes(fastify: FastifyInstance): ReadonlySet<string> {
  const served = new Set<string>();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.add(`${one} ${registryPath(url)}`);
  });
  return served;
}

/**
 * Keeps a gateway from starting whose routes are not exactly those of the registry, each with the
 * access that the registry says. @throws Error with one sentence
 */
export function checkRoutes(app: INestApplicationContext, served: ReadonlySet<string>): void {
  const fault = inventoryFault(declaredRoutes(app.get(ModulesContainer)), served, apiRoutes);
  if (fault !== undefined) throw new Error(fault);
}

/** What first differs, as a sentence that names the remedy; `undefined` when nothing does. */
export function inventoryFault(
  declared: readonly DeclaredRoute[],
  served: ReadonlySet<string>,
  registry: readonly ApiRoute[],
): string | undefined {
  const known = new Map(registry.map((route) => [nameOf(route), route]));
  for (const route of declared) {
    const name = nameOf(route);
    if (route.policy === undefined)
      return `${name} declares no policy: put @Needs(scope) or @Public() on its handler.`;
    const recorded = known.get(name);
    if (recorded === undefined)
      return missing(declared.map(nameOf).filter((one) => !known.has(one)));
    if (accessText(recorded.access) !== accessText(route.policy))
      return `${name} is ${accessText(route.policy)} in its controller and ${accessText(recorded.access)} in the registry: make them one.`;
  }
  const names = new Set(declared.map(nameOf));
  for (const name of served)
    if (!names.has(name) && !isCompanion(name, names))
      return `${name} is served past the controllers and so past the guard: make it a controller’s route.`;
  for (const name of known.keys())
    if (!names.has(name))
      return `${name} is in the registry (packages/contracts/src/http/routes) and no controller serves it: remove it or serve it.`;
  return undefined;
}

const missing = (names: readonly string[]) =>
  `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not in the registry: add a record to packages/contracts/src/http/routes (docs/api/README.md tells how).`;

const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) =>
  `${method} ${path}`;

/** Fastify answers HEAD with GET's own handlers, guard included; preflights carry nothing of ours. */
const isCompanion = (name: string, declared: ReadonlySet<string>): boolean =>
  declared.has(name.replace(/^HEAD /, 'GET ')) || name.startsWith('OPTIONS ');

function accessText(access: RoutePolicy): string {
  if (access === 'public') return 'public';
  const { scope, budget, makesJob } = access;
  return `open to ${scope} (budget ${budget}${makesJob ? ', makes a job' : ''})`;
}

/** The registry's form of a path of Fastify's: `/api/v1/jobs/{id}` for `/api/v1/jobs/:id`. */
export const registryPath = (path: string): string =>
  path.replaceAll(/:(\w+)/g, '{$1}').replace(/\/\*\w*$/, '/{path}');

type Wrapper = { readonly metatype: unknown };

function declaredRoutes(modules: ModulesContainer): DeclaredRoute[] {
  const controllers = [...modules.values()].flatMap((module): Wrapper[] => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => routesOf(metatype as ControllerClass));
}

type ControllerClass = abstract new (...parts: never[]) => object;

/** Nest's own marks on a controller and its handlers. */
const mark = (name: 'path' | 'method', on: object): unknown => Reflect.getMetadata(name, on);

function routesOf(controller: ControllerClass): DeclaredRoute[] {
  const prototype = controller.prototype as Record<string, () => unknown>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name): DeclaredRoute[] => {
    const handler = prototype[name];
    const method = handler && (mark('method', handler) as RequestMethod | undefined);
    if (handler === undefined || method === undefined) return [];
    const policy = policyOf(handler, controller);
    const bases = [mark('path', controller)].flat() as string[];
    const ends = [mark('path', handler)].flat() as string[];
    return bases.flatMap((base) =>
      ends.map((end) => ({ method: RequestMethod[method], path: joined(base, end), policy })),
    );
  });
}

const joined = (base: string, end: string): string =>
  registryPath(`/${base}/${end}`.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, ''));
