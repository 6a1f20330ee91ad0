import { z } from 'zod';
import type { KeyScope } from '../keys.js';
import type { ProblemCode } from '../problem.js';
import { problems } from '../problem.js';

/** What a caller needs, in the words of the gateway's `@Needs` and `@Public`. */
export type RouteAccess =
  | 'public'
  | {
      readonly scope: KeyScope;
      /** `watch` for reads of a job's state: ten times as many of them are allowed. */
      readonly budget: 'call' | 'watch';
      /** Whether an admitted request makes a job. */
      readonly makesJob: boolean;
    };

/** An answer that is not a problem. */
export interface RouteAnswer {
  readonly description: string;
  /** The body by media type; a `null` schema is a body that is no JSON. None at all: no body. */
  readonly content: Readonly<Record<string, z.ZodType | null>>;
}

/**
 * What must be there before an example can be tried. The test that runs the examples makes it, and
 * puts its id in place of the example's own: in the path, and in the body wherever an id of its kind
 * stands.
 */
export type Given =
  | 'a finished job'
  | 'a waiting job'
  | 'another key'
  | 'an answered request'
  | 'an upload'
  | 'a shown picture'
  | 'a refused prompt'
  | 'a consent'
  | 'a signed head'
  | 'a top-up'
  | 'a webhook';

/** A documented exchange. Each is run against a real gateway: `examples.e2e.test.ts`. */
export interface RouteExample {
  /** In the document's list of examples, e.g. `a small picture`. */
  readonly name: string;
  readonly given?: Given;
  /** Credits of the account before the request. */
  readonly credits?: string;
  readonly request: {
    readonly path?: Readonly<Record<string, string>>;
    readonly query?: Readonly<Record<string, string>>;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  readonly answer: {
    readonly status: number;
    readonly body: unknown;
    /**
     * JSON pointers to members whose value another run need not repeat. Ids, times, links and keys
     * never need to be named.
     */
    readonly varies?: readonly string[];
  };
}

/** One route of the public HTTP API: everything that its documents, tests and boot check need. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root, with parameters in braces; `{path}` at the end takes the rest, slashes too. */
  readonly path: string;
  readonly operationId: string;
  /** The chapter of the reference. */
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: RouteAccess;
  readonly params?: z.ZodObject;
  /** Every parameter that the route takes; others are refused by name. */
  readonly query?: z.ZodObject;
  /** Parameters that the route does not have are passed over, or are for the route itself to judge. */
  readonly openQuery?: boolean;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Further media types of the body, as in `RouteAnswer`; JSON is `body`. */
  readonly otherBodies?: RouteAnswer['content'];
  /** The media types in which the body is read; `application/json` alone where left out. */
  readonly bodyTypes?: readonly string[];
  /**
   * Where in the body (`/image`, `/units/0/image`) or in the query (`?key_id`) the id of a thing may
   * stand, and of which kind: `{ '/image': 'upl' }`. Needed only where the schema there is not one of
   * `prefixedId`; tests put other accounts' things there.
   */
  readonly ids?: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** Beyond those that `problemsOf` finds by itself. */
  readonly problems?: readonly ProblemCode[];
  /**
   * Of a dialect that speaks of errors in its own way: the body of every answer from 400 on, a named
   * part of the document.
   */
  readonly refusal?: z.ZodType;
  /** The statuses under which such a dialect tells problems, by ours: `{ 422: 400 }`. */
  readonly refusalStatus?: Readonly<Record<number, number>>;
  readonly examples?: readonly RouteExample[];
}

/** This route needs a key with the scope. */
export const needs = (
  scope: KeyScope,
  more: { readonly budget?: 'call' | 'watch'; readonly makesJob?: boolean } = {},
): RouteAccess => ({ scope, budget: more.budget ?? 'call', makesJob: more.makesJob ?? false });

/** `{ data, meta }`, as every success of `/api/v1` is. */
export const envelope = <Data extends z.ZodType, Meta extends z.ZodType>(data: Data, meta: Meta) =>
  z.strictObject({ data, meta });

export const noMeta = z.strictObject({});
/** `meta` of a list. */
export const pageMeta = z.strictObject({
  next_cursor: z.string().nullable().meta({
    description: 'Pass it on as `cursor` for the next page; null on the last',
  }),
});

/** An answer with a JSON body. */
export const json = (description: string, schema: z.ZodType): RouteAnswer => ({
  description,
  content: { 'application/json': schema },
});

const onKey: readonly ProblemCode[] = ['UNAUTHORIZED', 'FORBIDDEN', 'RATE_LIMITED'];
const onBody: readonly ProblemCode[] = ['VALIDATION_ERROR', 'UNSUPPORTED_MEDIA'];
const onPost: readonly ProblemCode[] = [
  'VALIDATION_ERROR',
  // When secrets of the deployment changed since the first answer.
  'CONFLICT',
  'IDEMPOTENCY_MISMATCH',
  'IDEMPOTENCY_IN_PROGRESS',
];
/** Any route may meet these: unsound HTTP, a body or a query that nobody asked for, our own faults. */
const always: readonly ProblemCode[] = [
  'VALIDATION_ERROR',
  ...(['BAD_REQUEST', 'REQUEST_TIMEOUT', 'PAYLOAD_TOO_LARGE', 'URI_TOO_LONG'] as const),
  ...(['EXPECTATION_FAILED', 'HEADERS_TOO_LARGE', 'SERVICE_UNAVAILABLE', 'INTERNAL'] as const),
];

/** Every problem that the route may answer with. */
export function problemsOf(route: ApiRoute): readonly ProblemCode[] {
  const keyed = route.access !== 'public';
  return [
    ...new Set([
      ...(keyed ? onKey : []),
      // Fastify reads a body wherever the method allows one, whether or not anybody wants it.
      ...(route.method === 'GET' ? [] : onBody),
      ...(keyed && route.method === 'POST' ? onPost : []),
      ...(route.query === undefined ? [] : (['VALIDATION_ERROR'] as const)),
      ...(route.path.includes('{') ? (['NOT_FOUND', 'VALIDATION_ERROR'] as const) : []),
      ...(route.problems ?? []),
      ...always,
    ]),
  ];
}

/** The HTTP status under which the route tells the problem. */
export function statusOf({ refusalStatus = {} }: ApiRoute, code: ProblemCode): number {
  const { status } = problems[code];
  return refusalStatus[status] ?? status;
}
