import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from '@jest/globals';
import type { ApiRoute } from '@safelight/contracts';
import { Public } from '../admission/admission.guard.js';
import type { DeclaredRoute } from './route-inventory.js';
import { checkRoutes, inventoryFault, watchRoutes } from './route-inventory.js';

const needed = { scope: 'jobs:read', budget: 'watch', makesJob: false } as const;
const declared: DeclaredRoute[] = [
  { method: 'GET', path: '/jobs/{id}', policy: needed },
  { method: 'POST', path: '/reports', policy: 'public' },
];
const registry = [
  { method: 'GET', path: '/jobs/{id}', access: needed },
  { method: 'POST', path: '/reports', access: 'public' },
] as unknown as ApiRoute[];
const served = new Set(['GET /jobs/{id}', 'HEAD /jobs/{id}', 'POST /reports', 'OPTIONS *']);

describe('the inventory of routes', () => {
  it('finds no fault where controllers, server and registry agree', () => {
    expect(inventoryFault(declared, served, registry)).toBeUndefined();
  });

  it.each<[string, string, DeclaredRoute[], ReadonlySet<string>, ApiRoute[]]>([
    [
      'a route without a policy',
      'GET /jobs/{id} declares no policy: put @Needs(scope) or @Public() on its handler.',
      [{ ...declared[0]!, policy: undefined }, declared[1]!],
      served,
      registry,
    ],
    [
      'a route that the registry does not know',
      'POST /reports is not in the registry: add a record to packages/contracts/src/http/routes (docs/api/README.md tells how).',
      declared,
      served,
      [registry[0]!],
    ],
    [
      'another scope than the registry says',
      'GET /jobs/{id} is open to jobs:write (budget watch) in its controller and open to jobs:read (budget watch) in the registry: make them one.',
      [{ ...declared[0]!, policy: { ...needed, scope: 'jobs:write' } }, declared[1]!],
      served,
      registry,
    ],
    [
      'a route registered past the controllers',
      'GET /backdoor is served past the controllers and so past the guard: make it a controller’s route.',
      declared,
      new Set([...served, 'GET /backdoor']),
      registry,
    ],
    [
      'a method of its own for HEAD',
      'HEAD /reports is served past the controllers and so past the guard: make it a controller’s route.',
      declared,
      new Set([...served, 'HEAD /reports']),
      registry,
    ],
    [
      'a route that nobody serves',
      'POST /reports is in the registry (packages/contracts/src/http/routes) and no controller serves it: remove it or serve it.',
      [declared[0]!],
      new Set(['GET /jobs/{id}']),
      registry,
    ],
  ])('names %s', (_, sentence, routes, onServer, recorded) => {
    expect(inventoryFault(routes, onServer, recorded)).toBe(sentence);
  });
});

describe('a gateway at its start', () => {
  @Controller('api/v1')
  class Careless {
    @Get('secrets/:id')
    secrets() {
      return 'everything';
    }
  }

  @Controller('api/v1')
  class Unrecorded {
    @Get('secrets/*')
    @Public()
    secrets() {
      return 'everything';
    }
  }

  it.each([
    [Careless, 'GET /api/v1/secrets/{id} declares no policy'],
    [Unrecorded, 'GET /api/v1/secrets/{path} is not in the registry'],
  ])('stops at %p', async (controller, sentence) => {
    @Module({ controllers: [controller] })
    class Carelessness {}
    const adapter = new FastifyAdapter();
    const served = watchRoutes(adapter.getInstance());
    const app = await NestFactory.create(Carelessness, adapter, { logger: false });
    await app.init();
    expect([...served].length).toBeGreaterThan(0);
    expect(() => checkRoutes(app, served)).toThrow(sentence);
    await app.close();
  });
});
