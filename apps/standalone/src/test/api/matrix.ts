import fc from 'fast-check';
import type { RawAnswer, RawRequest, Wire } from '../../fuzz/exchange.js';
import type { Operation, Schema } from '../../fuzz/operations.js';
import { filled, prefixIn, thingNamedBy } from '../../fuzz/operations.js';
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
  const values = inPath.map((one) => [one.name, names(thingNamedBy(operation, one))]);
  const body = bodyFor(operation, names);
  return {
    method: operation.method,
    target: filled(operation.path, Object.fromEntries(values) as Record<string, string>),
    headers: {
      'x-request-id': REQUEST_ID,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body,
  };
}

function bodyFor({ body }: Operation, names: Names): string | undefined {
  if (body === undefined) return undefined;
  const [example = fc.sample(valuesOf(body.schema, {}), { numRuns: 1, seed: 1 })[0]] =
    body.examples;
  const ids = idFields(body.schema).map(({ name, kind }) => [name, names(kind)]);
  return JSON.stringify({ ...(example as object), ...Object.fromEntries(ids) });
}

/** Members of a body that hold an id, by what the schema says of their text. */
export function idFields(schema: Schema): { name: string; kind: string }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const kind = [member, ...(member.anyOf ?? [])].map(prefixIn).find((one) => one !== undefined);
    return kind === undefined ? [] : [{ name, kind }];
  });
}

/** Everything that the operation lets a caller name: in its path, its query and its body. */
export function kindsNamedBy(operation: Operation): string[] {
  const inPath = operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => thingNamedBy(operation, parameter));
  return [...inPath, ...idFields(operation.body?.schema ?? {}).map(({ kind }) => kind)];
}

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
  return { status, headers: Object.fromEntries(kept), text };
}

/** The problem document that was told. */
export function problemIn({ text }: { readonly text: string }): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Record<string, unknown>;
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
