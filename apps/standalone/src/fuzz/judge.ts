import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';
import { problems } from '@safelight/contracts';
import type { RawAnswer } from './exchange.js';
import type { ApiDocument, Operation } from './operations.js';
import { operationsOf } from './operations.js';
import type { FuzzRequest } from './requests.js';

const FAULT_OF_OURS = 500;
const REFUSAL = 400;

/** Holds answers against the document. */
export class Judge {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  private readonly validators = new Map<string, ValidateFunction>();
  private readonly routes: readonly (readonly [RegExp, Operation])[];

  constructor(private readonly document: ApiDocument) {
    this.ajv.addSchema(document, 'api');
    this.routes = operationsOf(document).map((operation) => [shapeOf(operation.path), operation]);
  }

  /** What is wrong with the answer; `undefined` when nothing is. */
  complaint(request: FuzzRequest, answer: RawAnswer): string | undefined {
    const { status } = answer;
    if (status >= FAULT_OF_OURS && !wantsWorkers(answer)) return `answers ${status}`;
    if (request.trespasses && status < REFUSAL && request.method !== 'OPTIONS')
      return `answers ${status} for a thing of another account`;
    if (request.method === 'HEAD' || request.method === 'OPTIONS') return undefined;
    const operation = this.operationAt(request);
    if (operation === undefined) return this.withoutRoute(request, answer);
    return this.against(operation, answer);
  }

  private operationAt({ method, target }: FuzzRequest): Operation | undefined {
    const [path = ''] = target.split('?');
    return this.routes.find(([shape, one]) => one.method === method && shape.test(path))?.[1];
  }

  /** Nothing is documented there: a refusal, as the document describes refusals. */
  private withoutRoute({ target }: FuzzRequest, answer: RawAnswer): string | undefined {
    if (answer.status < REFUSAL) return `answers ${answer.status} where nothing is documented`;
    const neighbour = this.routes.find(([, { path }]) => rootOf(path) === rootOf(target));
    // What is told before the address is known is a problem document everywhere.
    const forms = new Set(['Problem', neighbour?.[1].refusal ?? 'Problem']);
    const told = parsed(answer.text);
    const fits = [...forms].some((form) => this.validator(`api#/components/schemas/${form}`)(told));
    return fits ? undefined : `is no problem document: ${answer.text.slice(0, 200)}`;
  }

  private against({ path, method, responses }: Operation, answer: RawAnswer): string | undefined {
    const status = String(answer.status);
    const { $ref, ...own } = responses[status] ?? {};
    if (responses[status] === undefined) return `answers ${status}, which is not documented`;
    const [type = ''] = (answer.headers['content-type'] ?? '').split(';');
    const shared = $ref?.split('/').at(-1) ?? '';
    const { content = {} } =
      $ref === undefined ? own : (this.document.components.responses[shared] ?? {});
    if (Object.keys(content).length === 0) return answer.text === '' ? undefined : 'has a body';
    const known = content[type];
    if (known === undefined) return `answers ${status} as ${type}, which is not documented`;
    if (known.schema === undefined) return undefined;
    const at =
      $ref === undefined
        ? ['paths', path, method.toLowerCase(), 'responses', status]
        : ['components', 'responses', shared];
    const steps = [...at, 'content', type, 'schema'];
    const validate = this.validator(`api#/${steps.map(escaped).join('/')}`);
    if (validate(parsed(answer.text))) return undefined;
    const [fault] = validate.errors ?? [];
    return `answers ${status} with a body that does not fit: ${fault?.instancePath ?? ''} ${fault?.message ?? ''}`;
  }

  private validator(ref: string): ValidateFunction {
    const kept = this.validators.get(ref) ?? this.ajv.compile({ $ref: ref });
    this.validators.set(ref, kept);
    return kept;
  }
}

/** No fault: work that nobody on offer can do now. Whether the route may say so, its record tells. */
const wantsWorkers = ({ status, text }: RawAnswer): boolean =>
  status === problems.GPU_UNAVAILABLE.status &&
  (parsed(text) as { code?: unknown } | undefined)?.code === 'GPU_UNAVAILABLE';
/** Everything under one first segment tells of errors alike. */
const rootOf = (path: string): string | undefined => path.split('/')[1];

const escaped = (step: string) =>
  encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));

/** `{path}` at the end takes the rest, slashes too. */
const shapeOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
      .replace(/\{path\}$/, '.*')
      .replaceAll(/\{\w+\}/g, '[^/]*')}$`,
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
