import type {
  createDocument,
  ZodOpenApiMediaTypeObject,
  ZodOpenApiObject,
  ZodOpenApiOperationObject,
  ZodOpenApiResponseObject,
} from 'zod-openapi';
import type { z } from 'zod';
import type { ProblemCode } from '../problem.js';
import { problemDocument, problems } from '../problem.js';
import { apiRoutes, problemsOf, statusOf } from '../routes/index.js';
import type { ApiRoute, RouteExample } from '../routes/index.js';
import { everyHeader, headerRefs, idempotencyHeader } from './headers.js';

type OpenApiDocument = ReturnType<typeof createDocument>;
type Responses = ZodOpenApiOperationObject['responses'];

const PROBLEM = 'application/problem+json';

/**
 * The public HTTP API as OpenAPI 3.1, from the schemas that validate requests. Loads its generator
 * when it is called: services that publish no document do without it.
 */
export async function openApiDocument(
  routes: readonly ApiRoute[] = apiRoutes,
): Promise<OpenApiDocument> {
  const generator = await import('zod-openapi');
  const paths: ZodOpenApiObject['paths'] = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route),
    };
  }
  return generator.createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Safelight',
      version: '1',
      summary: 'A generative-media API: prepaid, policy-checked, fair, and provable.',
      description: introduction,
    },
    servers: [{ url: '/', description: 'The gateway that serves this document' }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemDocument },
      headers: everyHeader,
      responses: sharedRefusals(routes),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'sl_live_… or sl_test_…' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
      },
    },
  });
}

const introduction = [
  'JSON in and out. A success is `{ "data": …, "meta": … }`; an error is a problem document (RFC 9457) whose `code` is stable: [every code with cause and remedy](/docs/errors).',
  'Unknown fields are refused by name. Times are RFC 3339 in UTC; credits are decimal strings.',
  'Every POST takes an `Idempotency-Key`: the same key with the same body is answered alike for 24 hours, and has one effect.',
].join('\n\n');

function operationOf(route: ApiRoute): ZodOpenApiOperationObject {
  const { access, description, params, query, headers, body } = route;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: [description, accessText(route)].filter((text) => text !== undefined).join('\n\n'),
    ...(access === 'public'
      ? { security: [] }
      : { security: [{ bearer: [] }, { apiKey: [] }], 'x-scope': access.scope }),
    ...(route.ids === undefined ? {} : { 'x-ids': route.ids }),
    ...(route.refusal === undefined ? {} : { 'x-refusal': nameOf(route.refusal) }),
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...headersOf(route, headers),
    },
    ...(body === undefined ? {} : { requestBody: { required: true, content: bodiesOf(route) } }),
    responses: { ...answersOf(route), ...refusalsOf(route) },
  };
}

/** The body in each form that it may have; a form without a schema is no JSON. */
function bodiesOf(route: ApiRoute) {
  const { body, bodyTypes = ['application/json'], otherBodies = {}, examples = [] } = route;
  const requests = examples.filter(({ request }) => request.body !== undefined);
  const others = Object.entries(otherBodies).map(
    ([mediaType, schema]): [string, ZodOpenApiMediaTypeObject] => [
      mediaType,
      schema === null ? {} : { schema },
    ],
  );
  const own = bodyTypes.map((mediaType): [string, ZodOpenApiMediaTypeObject] => [
    mediaType,
    { schema: body, ...examplesOf(requests, ({ request }) => request.body) },
  ]);
  return Object.fromEntries([...(body === undefined ? [] : own), ...others]);
}

/** Tests look the schema up under this name. */
function nameOf(refusal: z.ZodType): string {
  const name = refusal.meta()?.id;
  if (name === undefined) throw new Error('the schema of a refusal needs an id: .meta({ id })');
  return name;
}

function accessText({ access }: ApiRoute): string | undefined {
  if (access === 'public') return 'Needs no key.';
  const budget = access.budget === 'watch' ? ' Counts against the larger budget of watching.' : '';
  return `Needs a key with the scope \`${access.scope}\`.${budget}`;
}

function headersOf({ method, access }: ApiRoute, own: ApiRoute['headers']) {
  const takesKey = method === 'POST' && access !== 'public';
  if (own === undefined && !takesKey) return {};
  const header = takesKey ? idempotencyHeader.extend(own?.shape ?? {}) : own;
  return header === undefined ? {} : { header };
}

const slug = (name: string) => name.replaceAll(/[^a-z0-9]+/gi, '-');

function examplesOf(examples: readonly RouteExample[], value: (one: RouteExample) => unknown) {
  if (examples.length === 0) return {};
  return {
    examples: Object.fromEntries(
      examples.map((one) => [slug(one.name), { summary: one.name, value: value(one) }]),
    ),
  };
}

const answeredWith = (route: ApiRoute, status: number) =>
  (route.examples ?? []).filter(({ answer }) => answer.status === status);

function answersOf(route: ApiRoute): Responses {
  const headers = headerRefs(route.access === 'public' ? [] : ['limits']);
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, content }]) => {
      const examples = examplesOf(answeredWith(route, Number(status)), ({ answer }) => answer.body);
      const types = Object.entries(content).map(
        ([mediaType, schema]): [string, ZodOpenApiMediaTypeObject] => [
          mediaType,
          schema === null ? {} : { schema, ...examples },
        ],
      );
      const bodies = types.length === 0 ? {} : { content: Object.fromEntries(types) };
      return [status, { description, headers, ...bodies }];
    }),
  );
}

type Refusal = ZodOpenApiResponseObject | { $ref: string };

/** One answer for each status, naming the codes that come with it. */
function refusalsOf(route: ApiRoute): Responses {
  return Object.fromEntries(
    codesByStatus(route).map(([status, codes]): [number, Refusal] => {
      const examples = answeredWith(route, status);
      // Most routes refuse alike: those that have nothing of their own to say share an answer.
      const shared = examples.length === 0 && route.refusal === undefined;
      if (shared) return [status, { $ref: `#/components/responses/${codes.join('_or_')}` }];
      return [status, refusalOf(status, codes, route.refusal, examples)];
    }),
  );
}

function sharedRefusals(routes: readonly ApiRoute[]) {
  return Object.fromEntries(
    routes
      .filter(({ refusal }) => refusal === undefined)
      .flatMap(codesByStatus)
      .map(([status, codes]) => [codes.join('_or_'), refusalOf(status, codes)]),
  );
}

function codesByStatus(route: ApiRoute): (readonly [number, readonly ProblemCode[]])[] {
  const codes = problemsOf(route);
  const statuses = [...new Set(codes.map((code) => statusOf(route, code)))];
  return statuses
    .filter((status) => route.answers[status] === undefined)
    .map((status) => [status, codes.filter((code) => statusOf(route, code) === status)]);
}

/** Told before it is known which address a request is for, and so never in a dialect's words. */
const beforeAnyRoute: readonly ProblemCode[] = [
  ...(['BAD_REQUEST', 'REQUEST_TIMEOUT', 'HEADERS_TOO_LARGE'] as const),
];

function refusalOf(
  status: number,
  codes: readonly ProblemCode[],
  ofDialect?: ApiRoute['refusal'],
  examples: readonly RouteExample[] = [],
): ZodOpenApiResponseObject {
  const shown = examplesOf(examples, ({ answer }) => answer.body);
  const asDocument = ofDialect === undefined ? codes : codes.filter(isBeforeAnyRoute);
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}`).join('. '),
    headers: headerRefs([
      ...(status === 429 ? (['limits'] as const) : []),
      ...(status === 429 || status === 503 ? (['pause'] as const) : []),
    ]),
    content: {
      ...(ofDialect === undefined ? {} : { 'application/json': { schema: ofDialect, ...shown } }),
      ...(asDocument.length === 0
        ? {}
        : {
            [PROBLEM]: {
              schema: problemWith(asDocument),
              ...(ofDialect === undefined ? shown : {}),
            },
          }),
    },
  };
}

const isBeforeAnyRoute = (code: ProblemCode): boolean => beforeAnyRoute.includes(code);

const problemWith = (codes: readonly ProblemCode[]): ZodOpenApiMediaTypeObject['schema'] => ({
  allOf: [
    { $ref: '#/components/schemas/Problem' },
    {
      type: 'object' as const,
      properties: { code: { type: 'string' as const, enum: [...codes] } },
    },
  ],
});
