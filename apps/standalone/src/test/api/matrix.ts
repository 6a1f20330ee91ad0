import { statementMonth } from '@safelight/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import type { RawAnswer, RawRequest, Wire } from '../../fuzz/exchange.js';
import type { Operation, Parameter } from '../../fuzz/operations.js';
import { filled, thingNamedBy } from '../../fuzz/operations.js';
import { valuesOf } from '../../fuzz/values.js';
import type { Owner } from './things.js';
import { neverWas } from './things.js';

/** The same for all, so that answers can be compared to the byte. */
const REQUEST_ID = 'the-same-for-all';

type Names = (kind: string) => string;

/** A request that fits the operation, naming things as `names` says. */
export function requestFor(
  operation: Operation,
  names: Names,
  headers: Readonly<Record<string, string>>,
): RawRequest {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const values = inPath.map((one) => [
    one.name,
    isMonth(one) ? '2026-01' : names(thingNamedBy(operation, one)),
  ]);
  const path = filled(operation.path, Object.fromEntries(values) as Record<string, string>);
  const query = idsAt(operation, '?').map(([name, kind]) => `${name}=${names(kind)}`);
  const body = bodyFor(operation, names);
  return {
    method: operation.method,
    target: query.length === 0 ? path : `${path}?${query.join('&')}`,
    headers: {
      'x-request-id': REQUEST_ID,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body,
  };
}

/** Where ids stand in the query (`?`) or in the body (`/`), without that mark. */
const idsAt = ({ ids }: Operation, mark: '?' | '/') =>
  Object.entries(ids).flatMap(([at, kind]) =>
    at.startsWith(mark) ? [[at.slice(1), kind] as const] : [],
  );

function bodyFor(operation: Operation, names: Names): string | undefined {
  const { body } = operation;
  if (body === undefined) return undefined;
  const [example = fc.sample(valuesOf(body.schema, {}), { numRuns: 1, seed: 1 })[0]] =
    body.examples;
  const filledIn = structuredClone(example) as Members;
  for (const [at, kind] of idsAt(operation, '/')) put(filledIn, at.split('/'), names(kind));
  return JSON.stringify(filledIn);
}

type Members = Record<string, unknown>;

/** Sets the member at the end of the steps, making lists and objects on the way. */
function put(into: Members, [step = '', ...further]: readonly string[], value: string): void {
  const [next] = further;
  if (next === undefined) into[step] = value;
  else {
    into[step] ??= /^\d+$/.test(next) ? [] : {};
    put(into[step] as Members, further, value);
  }
}

/** Whether a caller names a thing in the path: whoever names somebody else's is answered 404. */
export const namesInPath = ({ parameters }: Operation): boolean =>
  parameters.some((one) => one.in === 'path' && !isMonth(one));

/** Every account has every month: that names nothing of anybody's. */
const isMonth = ({ schema }: Parameter): boolean => schema?.pattern === MONTH.pattern;
const MONTH = z.toJSONSchema(statementMonth);

/** Whether a caller can name anything at all: in the path, the query or the body. */
export const namesAnything = (operation: Operation): boolean =>
  namesInPath(operation) || Object.keys(operation.ids).length > 0;

/** Names the owner's own things. */
export const ownedBy =
  ({ things }: Owner): Names =>
  (kind) => {
    const thing = things[kind];
    if (thing === undefined) throw new Error(`test/api/things.ts does not make ${kind} yet`);
    return thing;
  };

export const nobodys: Names = neverWas;

/** What an answer tells, without what is new in each. */
export function told({ status, headers, text }: RawAnswer) {
  const passing = new Set(['date', 'trace-id', 'x-ratelimit-remaining', 'x-ratelimit-reset']);
  const kept = Object.entries(headers).filter(([name]) => !passing.has(name));
  // One dialect says whether a key was sent at all, which its sender knows.
  const alike = text.replace('"MISSING_API_KEY"', '"INVALID_API_KEY"');
  return { status, headers: Object.fromEntries(kept), text: alike };
}

/** Our codes by those of the dialects. */
const codes: Readonly<Record<string, string>> = {
  ...{ invalid_api_key: 'UNAUTHORIZED', INVALID_API_KEY: 'UNAUTHORIZED' },
  ...{ insufficient_permissions: 'FORBIDDEN', API_NOT_ALLOWED: 'FORBIDDEN' },
  ...{ not_found: 'NOT_FOUND', TASK_NOT_FOUND: 'NOT_FOUND', API_NOT_FOUND: 'NOT_FOUND' },
};

interface Told extends Record<string, unknown> {
  readonly error?: { readonly code: string };
  readonly reason?: string;
  readonly metadata?: object;
}

/** What was told of a problem, with our code also where a dialect has words of its own. */
export function problemIn({ text }: { readonly text: string }): Readonly<Record<string, unknown>> {
  const { error, reason, metadata, ...told } = JSON.parse(text) as Told;
  if (error !== undefined) return { ...error, code: codes[error.code] };
  if (reason !== undefined) return { ...metadata, code: codes[reason] };
  return told;
}

/** The owner's own key. */
export const bearer = ({ client }: Owner) => ({ authorization: `Bearer ${client.apiKey}` });

/** Sends the operation's request. */
export const ask = (
  wire: Wire,
  operation: Operation,
  names: Names,
  headers: Readonly<Record<string, string>>,
): Promise<RawAnswer> => wire.send(requestFor(operation, names, headers));
