import fc from 'fast-check';
import type { RawRequest } from './exchange.js';
import { hostileBodies, hostileSegments, hostileValues, oddHeaders } from './hostile.js';
import type { Operation, Parameter } from './operations.js';
import { filled, thingNamedBy } from './operations.js';
import type { Named } from './values.js';
import { valuesOf } from './values.js';

/** What requests are made with. */
export interface Palette {
  readonly named: Named;
  /** Keys to send: good, lacking scopes, wrong. */
  readonly keys: readonly string[];
  /** Things that the caller owns, and things of somebody else, by kind. */
  readonly own: Readonly<Record<string, string>>;
  readonly foreign: Readonly<Record<string, string>>;
}

export interface FuzzRequest extends RawRequest {
  /** Names a thing of another account. */
  readonly trespasses: boolean;
}

type Headers = Readonly<Record<string, string>>;

const often = <T>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight = 8) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: seldom });

/** Requests to the operation: about half of them fit it, the others fail to in one way or in several. */
export function requestsTo(operation: Operation, palette: Palette): fc.Arbitrary<FuzzRequest> {
  // Some answer with the finished picture unless they are told not to wait for it.
  const waits = operation.parameters.some(({ name }) => name === 'prefer');
  const patience: Headers = waits ? { prefer: 'wait=0' } : {};
  return fc
    .record({
      method: often(fc.constant(operation.method), strangeMethods, 30),
      target: targets(operation, palette),
      headers: headersFor(operation, palette),
      body: bodiesFor(operation, palette),
    })
    .map(({ method, target, headers, body }) => ({
      method,
      target,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...patience,
        ...headers,
      },
      body,
      trespasses: Object.values(palette.foreign).some((thing) => target.includes(thing)),
    }));
}

const strangeMethods = fc.constantFrom(
  'HEAD',
  'PUT',
  'PATCH',
  'OPTIONS',
  'DELETE',
  'GET',
  'POST',
  'TRACE',
);

function targets(operation: Operation, palette: Palette): fc.Arbitrary<string> {
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  const path = fc
    .tuple(...inPath.map((parameter) => segments(operation, parameter, palette)))
    .map((values) =>
      filled(
        operation.path,
        Object.fromEntries(inPath.map(({ name }, i) => [name, values[i] ?? ''])),
      ),
    );
  return fc
    .tuple(often(path, path.chain(bent), 15), queries(inQuery, palette))
    .map(([start, query]) => (query === '' ? start : `${start}?${query}`));
}

const bent = (path: string) =>
  fc.constantFrom(
    `${path}/`,
    `/${path}`,
    `${path};x`,
    `${path}%00`,
    path.toUpperCase(),
    `${path}/..`,
  );

function segments(operation: Operation, parameter: Parameter, palette: Palette) {
  const kind = thingNamedBy(operation, parameter);
  const known = [palette.own[kind], palette.foreign[kind]].filter((one) => one !== undefined);
  const fitting = valuesOf(parameter.schema ?? {}, palette.named).map((v) =>
    encodeURIComponent(String(v)),
  );
  const usual = known.length === 0 ? fitting : fc.oneof(fc.constantFrom(...known), fitting);
  return often(usual, hostileSegments, 3);
}

function queries(parameters: readonly Parameter[], { named }: Palette): fc.Arbitrary<string> {
  const odd = fc
    .tuple(hostileSegments, hostileSegments)
    .map(([name, value]) => `${name}=${value}`.replaceAll('?', ''));
  const fitting = parameters.map(({ name, schema }) =>
    often(
      valuesOf(schema ?? {}, named).map((value) => `${name}=${encodeURIComponent(String(value))}`),
      hostileSegments.map((value) => `${name}=${value}&${name}=${value}`),
      3,
    ),
  );
  if (fitting.length === 0) return often(fc.constant(''), odd, 12);
  return fc.oneof(
    fc.constant(''),
    fc
      .shuffledSubarray(fitting)
      .chain((some) => fc.tuple(...some))
      .map((pairs) => pairs.join('&')),
    odd,
  );
}

function headersFor(operation: Operation, { keys }: Palette): fc.Arbitrary<Headers> {
  const [good = ''] = keys;
  const key = often(fc.constant(good), fc.constantFrom(...keys), 12);
  const credentials = key.map((value): Headers => ({ authorization: `Bearer ${value}` }));
  const own =
    operation.scope === undefined ? often(fc.constant<Headers>({}), credentials, 3) : credentials;
  return fc
    .tuple(own, often(fc.constant<Headers>({}), oddHeaders, 3))
    .map(([a, b]) => ({ ...a, ...b }));
}

function bodiesFor(
  { method, body }: Operation,
  { named }: Palette,
): fc.Arbitrary<RawRequest['body']> {
  if (method === 'GET') return fc.constant(undefined);
  if (body === undefined) return often(fc.constant(undefined), hostileBodies, 4);
  const fitting = valuesOf(body.schema, named);
  const examples = body.examples.length === 0 ? fitting : fc.constantFrom(...body.examples);
  const mixed = fc.tuple(examples, fitting, fc.nat(3)).map(([example, value, parts]) => ({
    ...(example as object),
    ...firstOf(value as object, parts),
  }));
  const usual = fc.oneof(examples, fitting, mixed);
  return fc.oneof(
    { weight: 4, arbitrary: usual.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: fc.tuple(mixed, hostileValues, fc.nat()).map(spoilt) },
    { weight: 1, arbitrary: hostileBodies },
  );
}

const firstOf = (value: object, parts: number) =>
  Object.fromEntries(Object.entries(value).slice(0, parts));

/** One member replaced, added, or there twice. */
function spoilt([value, hostile, choice]: [object, string, number]): string {
  const members = Object.entries(value).map(([name, member]): [string, string] => [
    JSON.stringify(name),
    JSON.stringify(member),
  ]);
  const at = choice % (members.length + 1);
  const [name = choice % 2 === 0 ? '"prompt"' : '"no such field"'] = members[at] ?? [];
  if (choice % 3 === 0) members.splice(at, 1);
  members.push([name, hostile]);
  return `{${members.map(([key, text]) => `${key}:${text}`).join(',')}}`;
}
