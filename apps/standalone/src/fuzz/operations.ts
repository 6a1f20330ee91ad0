/** JSON Schema of draft 2020-12, as far as the API's document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
}

interface MediaType {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly schema?: Schema;
}

interface OperationObject {
  readonly operationId: string;
  readonly 'x-scope'?: string;
  readonly 'x-refusal'?: string;
  readonly 'x-ids'?: Readonly<Record<string, string>>;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, Response>>;
}

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, MediaType>>;
}

/** The API's document, as far as requests are made of it and answers are held against it. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

/** One operation of the document. */
export interface Operation {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly operationId: string;
  /** `undefined` for public ones. */
  readonly scope: string | undefined;
  /** Where in body (`/image`) or query (`?key_id`) an id may stand, and of which kind. */
  readonly ids: Readonly<Record<string, string>>;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Schema; readonly examples: readonly unknown[] } | undefined;
  readonly responses: OperationObject['responses'];
  /** The named schema of its error bodies. */
  readonly refusal: string;
}

export function operationsOf(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const { content = {} } = operation.requestBody ?? {};
      // Sent as JSON whatever the route reads: then it has to refuse it as it refuses others.
      const body = content['application/json'] ?? Object.values(content)[0];
      const examples = Object.values(body?.examples ?? {}).map(({ value }) => value);
      return {
        method: method.toUpperCase(),
        path,
        operationId: operation.operationId,
        scope: operation['x-scope'],
        parameters: operation.parameters ?? [],
        ids: { ...idsIn(operation.parameters, body?.schema), ...operation['x-ids'] },
        body: body && { schema: body.schema ?? {}, examples },
        responses: operation.responses,
        refusal: operation['x-refusal'] ?? 'Problem',
      };
    }),
  );
}

/** Those that the schemas themselves tell of. */
function idsIn(parameters: readonly Parameter[] = [], body: Schema = {}): Record<string, string> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const members = [
    ...inQuery.map(({ name, schema }) => [`?${name}`, schema] as const),
    ...Object.entries(body.properties ?? {}).map(([name, schema]) => [`/${name}`, schema] as const),
  ];
  return Object.fromEntries(
    members.flatMap(([at, schema]) => {
      const kind = [schema, ...(schema?.anyOf ?? [])]
        .map(prefixIn)
        .find((one) => one !== undefined);
      return kind === undefined ? [] : [[at, kind]];
    }),
  );
}

/** The path with its parameters filled in, each as it is given. */
export const filled = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');

/** `job` where the schema's pattern says that the id of a job belongs there. */
export const prefixIn = (schema: Schema | undefined): string | undefined =>
  /^\^([a-z]{3})_/.exec(schema?.pattern ?? '')?.[1];

/** Which kind of thing a parameter names: the prefix of its ids, or where it stands. */
export const thingNamedBy = (operation: Operation, { name, schema }: Parameter): string =>
  prefixIn(schema) ?? `${operation.operationId}.${name}`;
